"""What SARIF 2.1.0 demands of the parts of a log that Handbill writes, as a JSON Schema.

From the text of the OASIS standard (the numbers are its sections), stricter where it leaves more:
no property may be there that is not listed, so whatever is added to a log is looked up first.
"""

from __future__ import annotations

from typing import Any


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


TEXT = {"type": "string", "minLength": 1}
INDEX = {"type": "integer", "minimum": 0}
FROM_ONE = {"type": "integer", "minimum": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}  # 3.27.10
MESSAGE = closed(["text"], text=TEXT)  # 3.11
MULTIFORMAT = closed(["text"], text=TEXT, markdown=TEXT)  # 3.12
BAG = {"type": "object"}  # 3.8

REGION = closed(  # 3.30: lines and columns from 1, the end column past the last character
    ["startLine"], startLine=FROM_ONE, startColumn=FROM_ONE, endLine=FROM_ONE, endColumn=FROM_ONE
)
ARTIFACT_LOCATION = closed(  # 3.4: relative, no `.` or `..`, percent-encoded
    ["uri"],
    uri={"type": "string", "pattern": r"^(?!\.{0,2}/)[A-Za-z0-9._~!$&'()*+,;=@%/-]+$"},
    uriBaseId={"const": "%SRCROOT%"},
)
PHYSICAL = closed(["artifactLocation"], artifactLocation=ARTIFACT_LOCATION, region=REGION)  # 3.29
LOCATION = closed(  # 3.28
    ["physicalLocation"], id=INDEX, physicalLocation=PHYSICAL, message=MESSAGE
)
RESULT = closed(  # 3.27
    ["message", "ruleId", "locations"],
    ruleId={"type": "string", "pattern": "^HB[0-9]{3}$"},
    ruleIndex=INDEX,
    level=LEVEL,
    message=MESSAGE,
    locations={"type": "array", "minItems": 1, "maxItems": 1, "items": LOCATION},
    relatedLocations={"type": "array", "uniqueItems": True, "items": LOCATION},
    partialFingerprints={  # 3.27.17
        "type": "object",
        "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{16}:[0-9]+$"},
    },
    properties=BAG,
)
RULE = closed(  # 3.49
    ["id"],
    id={"type": "string", "pattern": "^HB[0-9]{3}$"},
    shortDescription=MULTIFORMAT,
    fullDescription=MULTIFORMAT,
    help=MULTIFORMAT,
    defaultConfiguration=closed([], level=LEVEL),  # 3.50
)
DRIVER = closed(  # 3.19
    ["name"],
    name=TEXT,
    semanticVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
    rules={"type": "array", "uniqueItems": True, "items": RULE},
)
NOTIFICATION = closed(  # 3.58
    ["message"], message=MESSAGE, level=LEVEL, descriptor=closed(["id"], id=TEXT)
)
INVOCATION = closed(  # 3.20
    ["executionSuccessful"],
    executionSuccessful={"type": "boolean"},
    toolExecutionNotifications={"type": "array", "items": NOTIFICATION},
)
RUN = closed(  # 3.14
    ["tool", "results"],
    tool=closed(["driver"], driver=DRIVER),
    invocations={"type": "array", "items": INVOCATION},
    originalUriBaseIds={
        "type": "object",
        "additionalProperties": closed([], description=MESSAGE),
    },
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": RESULT},
)
LOG: dict[str, Any] = closed(  # 3.13
    ["version", "runs"],
    version={"const": "2.1.0"},
    runs={"type": "array", "minItems": 1, "maxItems": 1, "items": RUN},
    **{"$schema": {"type": "string", "format": "uri"}},
)
