/**
 * For authors of IO managers, version strategies and codecs. Optional methods and optional context fields arrive in minor releases; a
 * changed meaning arrives as a new capability, which core bridges. Official plugins import nothing else of core.
 */
export type { DefinitionSite, SiteFrame } from './definitions/definition-site.ts';
export { placeOf } from './definitions/definition-site.ts';
export type {
  AnyFunction,
  BundledVersions,
  Certainty,
  CodeChange,
  CodeVersion,
  Json,
  OpVersionContext,
  PreviousVersions,
  ResourceVersionContext,
  Uncertainty,
  VersionStrategy,
} from './definitions/version-strategy.ts';
export { ERROR_CODES, type ErrorCode, type ErrorName } from './errors/error-codes.ts';
export { MemoError, type MemoErrorOptions, messageOf, type Place } from './errors/memo-error.ts';
export { type BytesDigester, bytesDigester, type ValueDigest, valueDigest } from './hash/value-digest.ts';
export type { Awaitable } from './io/awaitable.ts';
export type { InputContext, Log, OutputContext } from './io/io-contexts.ts';
export type {
  IOManager,
  IOManagerCapabilities,
  MemoizableIOManager,
  StoredOutput,
  StoredOutputInfo,
  StoreWarning,
} from './io/io-manager.ts';
export type { Lease, LeaseOptions, TakeLease } from './io/lease.ts';
export {
  type OutputIdentifier,
  runScopedIdentifier,
  safeSegment,
  versionedIdentifier,
} from './io/output-identifier.ts';
export type { OutputVersions } from './io/output-versions.ts';
export { projectDirectory } from './io/project-directory.ts';
export type { OpenedSegment, RecordDocument, RecordReading, RecordStore, SegmentInfo } from './io/record-store.ts';
export { type FileRecordStore, type FileRecordStoreOptions, fileRecordStore } from './records/file-record-store.ts';
export { memoryRecordStore } from './records/memory-record-store.ts';
export type { RecordFileStats, RecordFileSystem } from './records/record-file-system.ts';
export { type RecordLeaseOptions, recordLeases } from './records/record-leases.ts';
export { signedRecordStore } from './records/signed-record-store.ts';
export { closeUnread, isByteStream } from './stored/byte-stream.ts';
export type { Codec } from './stored/codec.ts';
export { type CodecRegistry, codecRegistry, type EncodedValue } from './stored/codec-registry.ts';
export type { Compression } from './stored/compression.ts';
export {
  DEFAULT_MAX_BYTES,
  type DecodeEnvelopeOptions,
  decodeEnvelope,
  type EnvelopeContent,
  encodeEnvelope,
  type OpenedEnvelope,
  peekEnvelope,
} from './stored/envelope.ts';
export { ENVELOPE_END_BYTES, type EnvelopeHead, type EnvelopeMetadata } from './stored/envelope-layout.ts';
export {
  type EnvelopeStreamContent,
  type EnvelopeWriter,
  envelopeStream,
  envelopeWriter,
  type VerifiedEnvelope,
  verifyEnvelope,
} from './stored/envelope-stream.ts';
export { CHUNK_BYTES, type ChunkDigests } from './stored/object-digest.ts';
export {
  type FormatOptions,
  type ObjectFacts,
  ObjectFormat,
  type ObjectPlace,
  type ObjectToWrite,
  type PrivateBytes,
} from './stored/object-format.ts';
export { cannotSign, checkContent, damaged, notFound, outputFacts, outputName } from './stored/output-errors.ts';
export { SIGNATURE_BYTES, type SignedSubject, type Trust, type Verdict } from './trust/trust.ts';
