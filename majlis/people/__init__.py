"""Who: teammates, mailboxes they may see, customers."""
