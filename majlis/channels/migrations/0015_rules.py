"""Rules of channels: to whom, where and when each is shown. A visitor keeps whether it was shown to them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0014_forms"),
        ("people", "0014_brands"),
    ]

    operations = [
        migrations.AddField(
            model_name="visitor",
            name="is_shown",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.CreateModel(
            name="ChannelRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("conditions", models.JSONField(db_default=[], default=list)),
                ("joined", models.CharField(db_default="all", default="all", max_length=3)),
                ("shown_on", models.JSONField(db_default=[], default=list)),
                ("never_on", models.JSONField(db_default=[], default=list)),
                ("hours", models.CharField(db_default="always", default="always", max_length=6)),
                ("text_ar", models.TextField(db_default="", default="")),
                ("text_en", models.TextField(db_default="", default="")),
                (
                    "form",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule",
                        to="channels.form",
                    ),
                ),
                (
                    "mailbox",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule",
                        to="people.mailbox",
                    ),
                ),
                (
                    "widget",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule",
                        to="channels.widget",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("form", None), ("mailbox", None), ("widget__isnull", False)),
                            models.Q(("form__isnull", False), ("mailbox", None), ("widget", None)),
                            models.Q(("form", None), ("mailbox__isnull", False), ("widget", None)),
                            _connector="OR",
                        ),
                        name="rule_of_one_channel",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("joined__in", ["all", "any"])), name="rule_joined"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hours__in", ["always", "open", "closed"])), name="rule_hours"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mailbox", None),
                            models.Q(("hours", "always"), ("never_on", []), ("shown_on", [])),
                            _connector="OR",
                        ),
                        name="rule_of_mail_has_no_page",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form", None), ("conditions", []), _connector="OR"),
                        name="rule_of_form_knows_nobody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mailbox__isnull", False),
                            models.Q(("text_ar", ""), ("text_en", "")),
                            _connector="OR",
                        ),
                        name="rule_text_of_mail",
                    ),
                ],
            },
        ),
    ]
