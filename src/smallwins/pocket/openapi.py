"""The OpenAPI document: what `smallwins.pocket.api` takes and answers."""

from typing import Any

from smallwins import __version__
from smallwins.wins.draft import MOST_CHARACTERS, MOST_KIND_CHARACTERS

WIN = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text"],
    "properties": {
        "text": {
            "type": "string",
            "minLength": 1,
            "pattern": "\\S",
            "maxLength": MOST_CHARACTERS,
            "description": "The win, in words.",
        },
        "at": {
            "type": "string",
            "description": "When it was: ISO 8601, such as 2026-03-14 or 2026-03-14T18:30:00+01:00. Now, if left out.",
        },
        "hard": {"type": "boolean", "description": "This was hard."},
        "kind": {"type": "string", "maxLength": MOST_KIND_CHARACTERS},
        "before": {"type": "string", "maxLength": MOST_CHARACTERS, "description": "Before, I might have…"},
    },
}
KEPT = {
    "type": "object",
    "required": ["id", "at", "kept"],
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "at": {"type": "string"},
        "kept": {"const": True},
    },
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
REFUSALS = {
    "400": "Not JSON, or a key that is too long.",
    "401": "No token, or one that was ended.",
    "413": "More than one win can hold.",
    "415": "Not application/json.",
    "422": "Words or a moment that cannot be kept; the sentence says why.",
    "429": "Many within an hour. Send it again after Retry-After seconds.",
    "503": "Not just now. Send it again after Retry-After seconds.",
    "507": "The room for this person is full.",
}


def document(origin: str) -> dict[str, Any]:
    """OpenAPI 3.1, as a JSON object."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Small Wins: keep from anywhere",
            "version": __version__,
            "description": "A token may only add. Nothing can be read with it.",
        },
        "servers": [{"url": origin}],
        "paths": {"/api/v1/wins": {"post": _keep()}},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Win": WIN, "Kept": KEPT, "Problem": PROBLEM},
        },
    }


def _keep() -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    kept = {"application/json": {"schema": {"$ref": "#/components/schemas/Kept"}}}
    refusals = {status: {"description": about, "content": problem} for status, about in REFUSALS.items()}
    return {
        "operationId": "keep",
        "summary": "Keep one small win",
        "security": [{"token": []}],
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "The same key and words twice are kept once.",
                "schema": {"type": "string", "maxLength": 255},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Win"}}},
        },
        "responses": {"201": {"description": "Kept.", "content": kept}} | refusals,
    }
