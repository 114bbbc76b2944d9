"""notifications: what people are told by e-mail, from templates, and what has become of each message.

Owns templates, messages and their sending. Never holds a secret: the link in a mail is asked of its owner at the moment
that the mail is written, and what was written is not kept.
Invariants: a message is handed to the mail server at most once, unless that surely did not take it; one whose outcome
nobody knows is not sent again before somebody has settled it; a link goes only to the address that its owner names.
"""

CALLS: frozenset[str] = frozenset({"users"})
"""The services whose contracts it calls, by itself or by the mesh within it."""
