"""Live chat: widgets on sites, their visitors, and conversations that go on by mail and back."""
