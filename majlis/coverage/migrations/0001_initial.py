"""The hours of the company and its teams."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0013_alarm_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("once", "Once"), ("yearly", "Yearly"), ("hijri", "Hijri")], max_length=8
                    ),
                ),
                ("year", models.SmallIntegerField(null=True)),
                ("month", models.SmallIntegerField()),
                ("day", models.SmallIntegerField()),
                ("days", models.SmallIntegerField(db_default=1, default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(db_default=False, default=False)),
                ("time_zone", models.TextField()),
                ("country", models.CharField(db_default="", default="", max_length=2)),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weekday", models.SmallIntegerField(null=True)),
                ("opens", models.SmallIntegerField()),
                ("closes", models.SmallIntegerField()),
                (
                    "holiday",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="periods",
                        to="coverage.holiday",
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="periods",
                        to="coverage.schedule",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="holiday",
            name="schedule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="holidays", to="coverage.schedule"
            ),
        ),
        migrations.CreateModel(
            name="WorkedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="worked",
                        to="coverage.schedule",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Coalesce(models.F("team"), models.Value(0)),
                name="schedule_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("holiday__isnull", True), ("weekday__isnull", False), ("weekday__range", (0, 6))
                    ),
                    models.Q(("holiday__isnull", False), ("weekday__isnull", True)),
                    _connector="OR",
                ),
                name="period_of_a_weekday_or_a_holiday",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closes__gt", models.F("opens")),
                    (
                        "closes__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("opens"), "+", models.Value(1440)
                        ),
                    ),
                    ("opens__gte", 0),
                    ("opens__lt", 1440),
                ),
                name="period_has_a_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.UniqueConstraint(
                condition=models.Q(("holiday__isnull", True)),
                fields=("schedule", "weekday", "opens"),
                name="period_once_on_a_weekday",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.UniqueConstraint(
                condition=models.Q(("holiday__isnull", False)),
                fields=("holiday", "opens"),
                name="period_once_on_a_holiday",
            ),
        ),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "once"), ("year__isnull", False)),
                    models.Q(("kind__in", ["yearly", "hijri"]), ("year__isnull", True)),
                    _connector="OR",
                ),
                name="holiday_once_has_a_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("day__range", (1, 31)), ("days__range", (1, 60)), ("month__range", (1, 12))
                ),
                name="holiday_is_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="workedday",
            constraint=models.UniqueConstraint(fields=("schedule", "on"), name="worked_day_once"),
        ),
    ]
