"""The ledger's tables in SQLite. Times are milliseconds since 1970 in UTC.

Uniqueness does the work: an occurrence selects a customer once, a message id exists once, and within
an occurrence one address gets one message per channel and step.
"""

from __future__ import annotations

SCHEMA_VERSION = 2

TABLES = """
CREATE TABLE IF NOT EXISTS meta (
    key TEXT PRIMARY KEY, value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS occurrences (
    id INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL, identity TEXT NOT NULL, name TEXT NOT NULL,
    UNIQUE (tenant, identity, name)
);

CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY,
    occurrence INTEGER NOT NULL REFERENCES occurrences (id),
    zone TEXT NOT NULL, campaign TEXT NOT NULL, plan TEXT NOT NULL,
    due_at INTEGER NOT NULL, started_at INTEGER NOT NULL,
    run_date TEXT NOT NULL,
    not_included INTEGER NOT NULL DEFAULT 0, complete INTEGER NOT NULL DEFAULT 0,
    UNIQUE (occurrence, zone)
);

CREATE TABLE IF NOT EXISTS selections (
    occurrence INTEGER NOT NULL REFERENCES occurrences (id),
    customer TEXT NOT NULL,
    run INTEGER NOT NULL REFERENCES runs (id),
    zone TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('selected', 'excluded', 'held_out', 'suppressed')),
    reason TEXT NOT NULL, channel TEXT NOT NULL, variant TEXT NOT NULL, snapshot BLOB NOT NULL,
    PRIMARY KEY (occurrence, customer)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS messages (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    occurrence INTEGER NOT NULL REFERENCES occurrences (id),
    run INTEGER NOT NULL REFERENCES runs (id),
    tenant TEXT NOT NULL, customer TEXT NOT NULL, zone TEXT NOT NULL,
    channel TEXT NOT NULL, step TEXT NOT NULL,
    address TEXT NOT NULL, address_key TEXT NOT NULL,
    variant TEXT NOT NULL, locale TEXT NOT NULL, marketing INTEGER NOT NULL,
    plan TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('planned', 'claimed', 'sending', 'accepted', 'failed', 'suppressed', 'uncertain')),
    reason TEXT NOT NULL DEFAULT '',
    due_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    provider TEXT NOT NULL DEFAULT '', provider_id TEXT NOT NULL DEFAULT '',
    sent_at INTEGER, settled_at INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS one_message_per_address
    ON messages (occurrence, channel, step, address_key) WHERE state <> 'suppressed';
CREATE INDEX IF NOT EXISTS messages_due
    ON messages (occurrence, state, due_at) WHERE state IN ('planned', 'claimed');
CREATE INDEX IF NOT EXISTS messages_waiting
    ON messages (tenant, due_at) WHERE state IN ('planned', 'claimed');
CREATE INDEX IF NOT EXISTS messages_sending ON messages (state) WHERE state = 'sending';
CREATE INDEX IF NOT EXISTS messages_of_customer ON messages (tenant, customer, sent_at);

CREATE TABLE IF NOT EXISTS bodies (
    message INTEGER PRIMARY KEY REFERENCES messages (n), body BLOB NOT NULL
);

CREATE TABLE IF NOT EXISTS views (
    message INTEGER PRIMARY KEY REFERENCES messages (n), until INTEGER NOT NULL, page BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS views_until ON views (until);

CREATE TABLE IF NOT EXISTS outcomes (
    n INTEGER PRIMARY KEY,
    message TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
    provider TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS outcomes_of_message ON outcomes (message);

CREATE TABLE IF NOT EXISTS suppressions (
    tenant TEXT NOT NULL,
    subject TEXT NOT NULL CHECK (subject IN ('address', 'customer')),
    value TEXT NOT NULL, channel TEXT NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('unsubscribed', 'bounced', 'complained')),
    scope TEXT NOT NULL CHECK (scope IN ('everything', 'marketing', 'category')),
    category TEXT NOT NULL, at INTEGER NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY (tenant, subject, value, channel, cause, scope, category)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS watermarks (
    tenant TEXT NOT NULL, identity TEXT NOT NULL, zone TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (tenant, identity, zone)
) WITHOUT ROWID;
"""

MESSAGE_COLUMNS = """
    m.id, o.tenant, o.identity, o.name, r.campaign, m.plan, m.customer, m.zone, m.channel, m.step,
    m.address, m.address_key, m.variant, m.locale, m.marketing, m.state, m.reason, m.due_at,
    m.expires_at, r.run_date, m.attempts, m.provider, coalesce(b.body, x''), m.sent_at, s.snapshot
"""
MESSAGE_SOURCE = """
    messages m
    JOIN runs r ON r.id = m.run
    JOIN occurrences o ON o.id = m.occurrence
    JOIN selections s ON s.occurrence = m.occurrence AND s.customer = m.customer
    LEFT JOIN bodies b ON b.message = m.n
"""
