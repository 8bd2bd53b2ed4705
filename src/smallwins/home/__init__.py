"""Where things live on this computer: folders, the published letterbox, the latch, the spool. Knows no Django.

Two folders. The *data folder* holds what is backed up: the database, the spool, the published half of the letterbox.
The *keys folder* holds what must not be backed up with it: the latch, and what `win` remembers of the letterbox.
"""
