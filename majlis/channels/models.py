"""How a mailbox is reached, what came in raw, and what goes out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from majlis.channels.advice_models import ChannelAdvice
from majlis.channels.outgoing_models import OutgoingServer, ReturnedAddress, SendingRules, SharedFile

__all__ = [
    "ChannelAdvice",
    "Delivery",
    "MailConnection",
    "NoticeLetter",
    "OutgoingServer",
    "RawMessage",
    "ReturnedAddress",
    "Route",
    "Security",
    "SendingRules",
    "SharedFile",
    "State",
]


class Security(models.TextChoices):
    """How a connection to a mail server is protected."""

    TLS = "tls", "TLS"
    STARTTLS = "starttls", "STARTTLS"
    NONE = "none", "—"


class Protocol(models.TextChoices):
    """How a mailbox is fetched (RFC 9051, RFC 1939)."""

    IMAP = "imap", "IMAP"
    POP3 = "pop3", "POP3"


class MailConnection(models.Model):
    """How a mailbox is fetched and how its mail leaves; passwords are encrypted with the secret key.

    `in_folder` is the folder whose news are waited for; the cursor of each folder stands on its `MailFolder`.
    `checked_at` is when all folders were last found well, `heard_at` when the server last gave anything,
    `watched_at` since when it is to be fetched; `stale_since` is the moment of an alarm that was told and is not over.
    """

    mailbox = models.OneToOneField("people.Mailbox", on_delete=models.CASCADE, related_name="connection")
    protocol = models.CharField(
        max_length=8, choices=Protocol.choices, default=Protocol.IMAP, db_default=Protocol.IMAP
    )
    in_host = models.TextField(default="")
    in_port = models.IntegerField(default=993)
    in_security = models.CharField(max_length=8, choices=Security.choices, default=Security.TLS)
    in_user = models.TextField(default="")
    in_password = models.TextField(default="")
    in_folder = models.TextField(default="INBOX")
    older_since_on = models.DateField(null=True)
    smtp_host = models.TextField(default="")
    smtp_port = models.IntegerField(default=587)
    smtp_security = models.CharField(max_length=8, choices=Security.choices, default=Security.STARTTLS)
    smtp_user = models.TextField(default="")
    smtp_password = models.TextField(default="")
    is_enabled = models.BooleanField(default=True)
    checked_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    watched_at = models.DateTimeField(default=timezone.now, db_default=Now())
    problem = models.TextField(default="")
    problem_since = models.DateTimeField(null=True)
    stale_since = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    def __str__(self) -> str:
        return f"connection of {self.mailbox_id}"


class Plus(models.TextChoices):
    """Whether mail to name+anything@ comes back to name@."""

    UNTRIED = ""
    ASKED = "asked"
    WORKS = "works"
    FAILS = "fails"


class MailOptions(models.Model):
    """What a mailbox does with mail beyond fetching and sending it; a mailbox without a row does none of it.

    `verdict_server`: whose SPF, DKIM and DMARC results are believed, as the administrator says; `learned_server`: as
    its own mail shows (`flow.verdicts`). `plus` is what a trial of name+anything@ found, `plus_token` the one that is
    under way; `has_reply_token`: answers are asked for at such an address. `sent_folder`: where a copy of what left is
    put by IMAP, none when empty. `endpoint_secret`: encrypted; raw messages signed with it are taken by HTTP.
    """

    mailbox = models.OneToOneField(
        "people.Mailbox", primary_key=True, on_delete=models.CASCADE, related_name="mail_options"
    )
    verdict_server = models.TextField(default="", db_default="")
    learned_server = models.TextField(default="", db_default="")
    plus = models.CharField(max_length=8, choices=Plus.choices, default=Plus.UNTRIED, db_default="")
    plus_token = models.TextField(default="", db_default="")
    plus_at = models.DateTimeField(null=True)
    has_reply_token = models.BooleanField(default=True, db_default=True)
    sent_folder = models.TextField(default="", db_default="")
    sent_problem = models.TextField(default="", db_default="")
    endpoint_secret = models.TextField(default="", db_default="")
    endpoint_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"options of {self.mailbox_id}"


class KeyCheck(models.Model):
    """One row: a value that only the installation's secret key can read, so that a changed key is noticed."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    token = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="key_check_is_one")]

    def __str__(self) -> str:
        return "check of the key"


class MailFolder(models.Model):
    """One folder of an account, how far it has been read and what a count found. POP3 has one, INBOX.

    The IMAP cursor is (uidvalidity, last_uid); it moves only after the raw rows are committed. A mailbox fetched by
    POP3 has no cursor but the ids of its messages, on their raw rows and in `PassedOver`. `older_since_on` is how far
    back a back-fill went, `older_left` how many older messages are wanted and not here yet; `version` is its connection's, so that a reader of an earlier one changes nothing.
    """

    connection = models.ForeignKey(MailConnection, on_delete=models.CASCADE, related_name="folders")
    name = models.TextField()
    is_enabled = models.BooleanField(default=True, db_default=True)
    uidvalidity = models.BigIntegerField(null=True)
    first_uid = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(null=True)
    older_since_on = models.DateField(null=True)
    older_left = models.IntegerField(null=True)
    since_at = models.DateTimeField(null=True)
    server_count = models.IntegerField(null=True)
    stored_count = models.IntegerField(null=True)
    differs_since = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    problem = models.TextField(default="", db_default="")
    version = models.IntegerField(default=1, db_default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "name"], name="folder_once_per_name")]

    def __str__(self) -> str:
        return f"{self.name} of connection {self.connection_id}"


class PassedOver(models.Model):
    """A message on the server that has no raw row here and is not missing.

    It lay in a POP3 mailbox before its first day here (`uidl`; `dated_on`, once it was looked at, is the day it came),
    or what it became was thrown out for good.
    """

    folder = models.ForeignKey(MailFolder, on_delete=models.CASCADE, related_name="+", db_index=False)
    uidvalidity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    uidl = models.TextField(null=True)
    dated_on = models.DateField(null=True)
    is_removed = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["folder", "uidvalidity", "uid"],
                name="passed_once_per_uid",
                condition=Q(uid__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["folder", "uidl"], name="passed_once_per_uidl", condition=Q(uidl__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"passed over in folder {self.folder_id}"


class Backfill(models.Model):
    """Older mail that somebody wants fetched: from `since_on` on, or all of it. It goes on until it has ended."""

    class State(models.TextChoices):
        """Where it stands."""

        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"

    connection = models.ForeignKey(MailConnection, on_delete=models.CASCADE, related_name="backfills")
    since_on = models.DateField(null=True)
    asked_by = models.ForeignKey("people.Teammate", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    fetched = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection"], name="one_backfill_runs", condition=Q(state="running")
            )
        ]

    def __str__(self) -> str:
        return f"back-fill of connection {self.connection_id}"


class Route(models.TextChoices):
    """The way a raw message came."""

    IMAP = "imap"
    POP3 = "pop3"
    LMTP = "lmtp"
    HTTP = "http"
    IMPORT = "import"


class RawMessage(models.Model):
    """A message as it came, durable before anybody was told so; taken in afterwards.

    `hearings`: how often it left quarantine by itself, see `flow.hearings`.
    """

    mailbox = models.ForeignKey("people.Mailbox", on_delete=models.CASCADE, related_name="raw_messages")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    route = models.CharField(max_length=8, choices=Route.choices)
    received_at = models.DateTimeField()
    envelope_from = models.TextField(null=True)
    folder = models.ForeignKey(
        MailFolder, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    uidvalidity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    uidl = models.TextField(null=True)
    is_historic = models.BooleanField(default=False)
    stays_open = models.BooleanField(default=False, db_default=False)
    attempts = models.SmallIntegerField(default=0)
    hearings = models.SmallIntegerField(default=0, db_default=0)
    error = models.TextField(default="")
    taken_in_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(
        "conversations.Entry", null=True, on_delete=models.SET_NULL, related_name="raw_messages"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["folder", "uidvalidity", "uid"],
                name="raw_once_per_uid",
                condition=Q(uid__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["folder", "uidl"], name="raw_once_per_uidl", condition=Q(uidl__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["mailbox", "id"],
                name="raw_to_take_in",
                condition=Q(taken_in_at=None, quarantined_at=None),
            ),
            models.Index(fields=["id"], name="raw_quarantined", condition=Q(quarantined_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"raw {self.pk}"


AUTOMATIC_RANK = 1  # of deliveries that nobody wrote: what people wrote leaves first


class State(models.TextChoices):
    """Where a delivery stands. `held`: whether it left is unclear, a person decides."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    CANCELLED = "cancelled"


class Delivery(models.Model):
    """Something that leaves: claimed, done, settled. Its Message-ID is fixed before the first try.

    A reply has an entry; the desk's own mail (a reset link) carries its content in `letter`.
    `claimed_by` names one claim, which lives as long as the session lock of that name is held;
    `transmitting_at` is set right before the end of the message goes out: from then on only the
    other side knows whether it has it. Of those that are due the lower `rank` leaves first: 0 what a person wrote or
    waits for, 1 what is automatic, 2 what goes to many. `admitted_at`: when it was counted under its mailbox's limits.
    """

    entry = models.OneToOneField(
        "conversations.Entry", null=True, on_delete=models.CASCADE, related_name="delivery"
    )
    mailbox = models.ForeignKey("people.Mailbox", null=True, on_delete=models.PROTECT, related_name="+")
    letter = models.JSONField(null=True)
    message_id = models.TextField(unique=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.TextField(default="")
    transmitting_at = models.DateTimeField(null=True)
    admitted_at = models.DateTimeField(null=True)
    rank = models.SmallIntegerField(default=0, db_default=0)
    settled_at = models.DateTimeField(null=True)
    why = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due", condition=Q(state="queued")),
            models.Index(fields=["claimed_at"], name="delivery_claimed", condition=Q(state="sending")),
            models.Index(
                fields=["mailbox", "admitted_at"],
                name="delivery_admitted",
                condition=Q(admitted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.message_id}"


class Acknowledgement(models.Model):
    """What a mailbox answers by itself to somebody who writes for the first time; off until somebody turns it on.

    `is_only_outside_hours`: not while somebody is there; without hours always.
    """

    mailbox = models.OneToOneField(
        "people.Mailbox", primary_key=True, on_delete=models.CASCADE, related_name="acknowledgement"
    )
    is_on = models.BooleanField(default=False, db_default=False)
    text_ar = models.TextField(default="", db_default="")
    text_en = models.TextField(default="", db_default="")
    is_only_outside_hours = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return f"acknowledgement of {self.mailbox_id}"


class AcknowledgementDue(models.Model):
    """A customer's message that may have to be acknowledged; the row goes when that is decided."""

    entry = models.OneToOneField(
        "conversations.Entry", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    attempts = models.SmallIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"due for {self.entry_id}"


class AutomaticMail(models.Model):
    """What was decided of one automatic mail. `refused` is a code of `gate.REFUSALS`, empty for what was queued.

    `address` is as `gate.counted` writes it; `digest` tells equal mails.
    """

    class Kind(models.TextChoices):
        """What it was."""

        ACKNOWLEDGEMENT = "ack"
        NOTICE = "notice"
        LETTER = "letter"
        CHAT = "chat"

    address = models.TextField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    mailbox = models.ForeignKey("people.Mailbox", null=True, on_delete=models.CASCADE, related_name="+")
    conversation_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=32, default="", db_default="")
    refused = models.CharField(max_length=12, default="", db_default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["address", "at"], name="automatic_mail_address"),
            models.Index(fields=["mailbox", "-id"], name="automatic_mail_newest"),
            models.Index(fields=["at"], name="automatic_mail_oldest"),
            models.Index(fields=["conversation_id"], name="automatic_mail_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"


class StoppedAddress(models.Model):
    """An address that gets no automatic mail for a day, or until somebody lets it go on (`let_go_at`)."""

    class Why(models.TextChoices):
        """What was found."""

        LOOP = "loop"
        FLOOD = "flood"

    address = models.TextField(primary_key=True)
    why = models.CharField(max_length=8, choices=Why.choices)
    mailbox = models.ForeignKey("people.Mailbox", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    let_go_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.address


class SentCopy(models.Model):
    """A copy of a delivery that is still to be put into the mailbox's own folder of sent mail."""

    delivery = models.OneToOneField(
        Delivery, primary_key=True, on_delete=models.CASCADE, related_name="sent_copy"
    )
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="sent_copy_due")]

    def __str__(self) -> str:
        return f"copy of {self.delivery_id}"


class NoticeLetter(models.Model):
    """A letter that tells an away teammate what happened in a conversation, or what became of an answer to one.

    Answers name it by `reference`, which is random: no letter of a restored past is mistaken for one of today.
    `becomes` says what an answer is: a reply to the customer, a note, a note after an answer that was refused (then
    nobody is told again), or nothing. `seen_seq` is what its conversation stood at, all of it up to there is in the
    letter. `answer_key` is the mail of the teammate that it answers.
    """

    class Becomes(models.TextChoices):
        """What an answer to the letter becomes."""

        REPLY = "reply"
        NOTE = "note"
        TOLD = "told"
        NOTHING = ""

    reference = models.BigIntegerField(unique=True)
    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="notice_letter")
    teammate = models.ForeignKey("people.Teammate", on_delete=models.CASCADE, related_name="+")
    conversation_id = models.BigIntegerField(null=True)
    becomes = models.CharField(max_length=8, choices=Becomes.choices, default=Becomes.NOTHING)
    seen_seq = models.IntegerField(default=0)
    answer_key = models.CharField(max_length=64, null=True, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["teammate", "-created_at"], name="notice_letter_newest"),
            models.Index(fields=["created_at"], name="notice_letter_oldest"),
            models.Index(fields=["conversation_id"], name="notice_letter_conversation"),
        ]

    def __str__(self) -> str:
        return f"letter to {self.teammate_id}"


# They belong to this room and are found with it; last, as they point at what stands above.
import majlis.channels.chat.models  # noqa: E402
import majlis.channels.forms.models  # noqa: E402
import majlis.channels.oauth.models  # noqa: E402
import majlis.channels.rule_models  # noqa: E402, F401
