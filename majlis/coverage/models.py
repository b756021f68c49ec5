"""The hours of the company and of its teams, and the days that differ from them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from majlis.coverage.hours import DAY


class Schedule(models.Model):
    """When somebody is there: one of the company (without a team), and one of each team that keeps other hours.

    One that is not on promises nothing: a team's then leaves the company's in its place. `country` (two letters, or
    empty) gives the public holidays.
    """

    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    is_on = models.BooleanField(default=False, db_default=False)
    time_zone = models.TextField()
    country = models.CharField(max_length=2, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(Coalesce(F("team"), Value(0)), name="schedule_once")]

    def __str__(self) -> str:
        return f"hours of {f'team {self.team_id}' if self.team_id else 'the company'}"


class Holiday(models.Model):
    """A day, or several in a row, on which the hours are others: closed, or open in its own periods alone."""

    class Kind(models.TextChoices):
        """By which calendar it comes, and how often: the values are those of `holidays.Own`."""

        ONCE = "once"
        YEARLY = "yearly"
        HIJRI = "hijri"

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="holidays")
    name = models.TextField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    year = models.SmallIntegerField(null=True)
    month = models.SmallIntegerField()
    day = models.SmallIntegerField()
    days = models.SmallIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="holiday_once_has_a_year",
                condition=Q(kind="once", year__isnull=False)
                | Q(kind__in=["yearly", "hijri"], year__isnull=True),
            ),
            models.CheckConstraint(
                name="holiday_is_a_day",
                condition=Q(month__range=(1, 12), day__range=(1, 31), days__range=(1, 60)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Period(models.Model):
    """From when to when, in minutes of the clock, of a weekday (Monday is 0) or of a holiday.

    `closes` past 1440 lies on the next day; 1440 is its midnight.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="periods")
    weekday = models.SmallIntegerField(null=True)
    holiday = models.ForeignKey(Holiday, null=True, on_delete=models.CASCADE, related_name="periods")
    opens = models.SmallIntegerField()
    closes = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="period_of_a_weekday_or_a_holiday",
                condition=Q(weekday__isnull=False, weekday__range=(0, 6), holiday__isnull=True)
                | Q(weekday__isnull=True, holiday__isnull=False),
            ),
            models.CheckConstraint(
                name="period_has_a_length",
                condition=Q(
                    opens__gte=0, opens__lt=DAY, closes__gt=F("opens"), closes__lte=F("opens") + Value(DAY)
                ),
            ),
            models.UniqueConstraint(
                fields=["schedule", "weekday", "opens"],
                name="period_once_on_a_weekday",
                condition=Q(holiday__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["holiday", "opens"],
                name="period_once_on_a_holiday",
                condition=Q(holiday__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opens}–{self.closes}"


class WorkedDay(models.Model):
    """A public holiday on which this schedule goes on as on any other day."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="worked")
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "on"], name="worked_day_once")]

    def __str__(self) -> str:
        return f"{self.on}"
