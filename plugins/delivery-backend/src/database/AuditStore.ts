import type { AuditPhase } from 'backstage-plugin-delivery-common';

/** What an entry says; everything in it is hashed and signed. Never holds a token. */
export interface AuditContent {
  at: number;
  /** Entity ref of the user, or `plugin:delivery`. */
  actor: string;
  /** Account at the vendor, once it was proved. */
  identity?: { host: string; id: string; nodeId: string; login: string };
  action: string;
  phase: AuditPhase;
  entityRef?: string;
  environment?: string;
  runId?: string;
  attempt?: number;
  sha?: string;
  digest?: string;
  decision?: string;
  comment?: string;
  operationId?: string;
  /** The vendor's id of the request that did it. */
  requestId?: string;
  outcome?: { code: string; message: string };
  /** Policy, eligible approvers and memberships then, self-review inputs, effective configuration. Plain JSON. */
  detail?: Record<string, unknown>;
}

/** One entry with its place in the chain. */
export interface AuditEntry {
  /** From 1, without gaps. */
  seq: number;
  content: AuditContent;
  /** Hex sha256 over the previous hash, the sequence number and the canonical JSON of the content; 64 zeros before the first. */
  previousHash: string;
  hash: string;
  /** Base64 Ed25519 signature of the hash. */
  signature: string;
  /** First 16 hex digits of sha256 of the public key. */
  keyId: string;
}

/** Filters; all joined by AND. */
export interface AuditFilter {
  entityRef?: string;
  entityRefs?: string[];
  action?: string;
  phase?: AuditPhase;
  environment?: string;
  actor?: string;
  since?: number;
  until?: number;
}

/** The append-only log. One implementation for SQLite and Postgres. */
export interface AuditStore {
  /**
   * Appends at the end of the chain; concurrent calls of any number of replicas get places one after the other.
   *
   * @param seal - makes hash and signature of an entry at a place; pure
   */
  append(
    content: AuditContent,
    seal: (
      content: AuditContent,
      seq: number,
      previousHash: string,
    ) => Pick<AuditEntry, 'hash' | 'signature' | 'keyId'>,
  ): Promise<AuditEntry>;
  head(): Promise<{ seq: number; hash: string } | undefined>;
  /** Newest first, those with a lower sequence number than `before`. */
  list(
    filter: AuditFilter,
    before: number | undefined,
    limit: number,
  ): Promise<AuditEntry[]>;
  /** Oldest first from a sequence number on: for the export, in pages. */
  read(from: number, limit: number): Promise<AuditEntry[]>;
  /** Newest entry of an action, to see whether something changed since. */
  newest(action: string): Promise<AuditEntry | undefined>;
  /** Every service that an entry is about. */
  entityRefs(): Promise<string[]>;
}
