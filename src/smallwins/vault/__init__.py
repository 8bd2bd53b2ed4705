"""The vault: keys and sealing. Pure: it knows neither Django, nor a database, nor a file.

A letterbox and a book. Anyone may drop a letter in (`letters`), only the owner reads the book (`pages`). Both are
opened by one `Root`, and `ways` are how a person gets at the root. `docs/formats.md` describes every byte.
"""
