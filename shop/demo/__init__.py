"""A believable year and a half of the shop, so that somebody who opens it sees it at work.

Everybody in it is invented. `plan` says what happens when, as plain data; nothing here touches
a database.
"""
