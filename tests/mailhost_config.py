"""The configurations of the mail servers for tests; words between @ are filled in by `tests.mailhost`."""

from __future__ import annotations

DOVECOT = r"""
base_dir = @T@/run
state_dir = @T@/state
log_path = @T@/dovecot.log
protocols = imap lmtp pop3
listen = 127.0.0.1
default_internal_user = @USER@
default_internal_group = @GROUP@
default_login_user = @USER@
first_valid_uid = 1
mail_location = maildir:@T@/mail/%Lu
mail_fsync = never
auth_failure_delay = 0
auth_mechanisms = plain login
auth_username_format = %Lu
mail_max_userip_connections = 100
pop3_lock_session = no
recipient_delimiter = +
lmtp_rcpt_check_quota = no
ssl = yes
ssl_cert = <@T@/cert.pem
ssl_key = <@T@/key.pem
passdb {
  driver = passwd-file
  args = username_format=%Lu @T@/users/%Lu
}
userdb {
  driver = static
  args = uid=@UID@ gid=@GID@ home=@T@/mail/%Lu
}
service imap-login {
  chroot =
  inet_listener imap {
    port = @PORT_IMAP@
  }
  inet_listener imaps {
    port = @PORT_IMAPS@
    ssl = yes
  }
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = @PORT_POP3@
  }
  inet_listener pop3s {
    port = @PORT_POP3S@
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    port = @PORT_LMTP@
  }
}
service anvil {
  chroot =
  # No waiting after a wrong password.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = subscribe
    special_use = \Sent
  }
  mailbox Junk {
    auto = subscribe
    special_use = \Junk
  }
}
"""

EXIM = r"""
primary_hostname = mail.majlis.test
qualify_domain = majlis.test
exim_user = @USER@
exim_group = @GROUP@
deliver_drop_privilege = true
keep_environment =
add_environment =
spool_directory = @T@/spool
log_file_path = @T@/exim-%s.log
pid_file_path = @T@/exim.pid
disable_ipv6 = true
local_interfaces = 127.0.0.1
daemon_smtp_ports = @PORT_SMTP@ : @PORT_SMTPS@
tls_on_connect_ports = @PORT_SMTPS@
tls_advertise_hosts = *
tls_certificate = @T@/cert.pem
tls_privatekey = @T@/key.pem
host_lookup =
rfc1413_query_timeout = 0s
check_spool_space = 0
check_log_space = 0
message_size_limit = 60M
dsn_advertise_hosts = *
smtp_accept_max = 100
smtp_accept_queue_per_connection = 0
remote_max_parallel = 4
acl_smtp_rcpt = acl_rcpt

begin acl

acl_rcpt:
  deny recipients = lsearch;@T@/refusals
       condition = ${if match{${lookup{${lc:$local_part@$domain}}lsearch{@T@/refusals}}}{\N^5\N}}
       message = ${lookup{${lc:$local_part@$domain}}lsearch{@T@/refusals}}
  defer recipients = lsearch;@T@/refusals
       message = ${lookup{${lc:$local_part@$domain}}lsearch{@T@/refusals}}
  accept authenticated = *
  accept domains = lsearch;@T@/domains
  accept domains = lsearch;@T@/routes
  deny message = relay not permitted

begin routers

elsewhere:
  driver = manualroute
  domains = lsearch;@T@/routes
  route_list = * 127.0.0.1
  self = send
  transport = lmtp_elsewhere

here:
  driver = manualroute
  domains = lsearch;@T@/domains
  route_list = * 127.0.0.1
  self = send
  transport = lmtp_here

begin transports

lmtp_elsewhere:
  driver = smtp
  protocol = lmtp
  port = ${lookup{$domain}lsearch{@T@/routes}}
  multi_domain = false
  allow_localhost
  hosts_avoid_tls = *

lmtp_here:
  driver = smtp
  protocol = lmtp
  port = @PORT_LMTP@
  allow_localhost
  hosts_avoid_tls = *

begin retry

* * F,1h,2s

begin authenticators

plain:
  driver = plaintext
  public_name = PLAIN
  server_advertise_condition = ${if def:tls_in_cipher}
  server_prompts = :
  server_condition = ${if eq{$auth3}{${lookup{${lc:$auth2}}lsearch{@T@/smtp-users}{$value}fail}}}
  server_set_id = $auth2

login:
  driver = plaintext
  public_name = LOGIN
  server_advertise_condition = ${if def:tls_in_cipher}
  server_prompts = "Username:: : Password::"
  server_condition = ${if eq{$auth2}{${lookup{${lc:$auth1}}lsearch{@T@/smtp-users}{$value}fail}}}
  server_set_id = $auth1
"""
