"""The pages of customers: the panel beside a conversation, the list, one customer, merging and importing."""
