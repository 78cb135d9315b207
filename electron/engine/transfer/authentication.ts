import { X509Certificate, constants, createHash } from 'node:crypto';
import { DEFAULT_CIPHERS } from 'node:tls';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { DroplineError } from '../../../shared/errors.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import { ALPN_PROTOCOLS } from '../../../shared/protocol/limits.ts';

/** A device's key and certificate, PEM, and the id that others pin. */
export interface Identity {
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly peerId: PeerId;
}

/** The quickest first, and as strong as the others here: processors have AES, and 128 bits are enough. */
const CIPHERS = `TLS_AES_128_GCM_SHA256:${DEFAULT_CIPHERS}`;

/**
 * Certificates are self-signed and judged by `authenticate` alone, never by a chain: this is the only
 * file where rejectUnauthorized may be false.
 */
export function tlsOptions(identity: Identity, alpn: readonly string[] = ALPN_PROTOCOLS) {
  return {
    key: identity.keyPem,
    cert: identity.certificatePem,
    minVersion: 'TLSv1.3' as const,
    maxVersion: 'TLSv1.3' as const,
    ciphers: CIPHERS,
    ALPNProtocols: [...alpn],
    requestCert: true,
    rejectUnauthorized: false,
    secureOptions: constants.SSL_OP_NO_TICKET,
  } satisfies TlsOptions;
}

export function peerIdOf(certificate: X509Certificate): PeerId {
  return createHash('sha256').update(spkiOf(certificate)).digest('hex') as PeerId;
}

/** The key of a certificate, as it is hashed: SubjectPublicKeyInfo, DER. */
export function spkiOf(certificate: X509Certificate): Uint8Array {
  return certificate.publicKey.export({ type: 'spki', format: 'der' });
}

export function certificateSpki({ certificatePem }: Identity): Uint8Array {
  return spkiOf(new X509Certificate(certificatePem));
}

export function certificateOf(socket: TLSSocket): X509Certificate | null {
  const { raw } = socket.getPeerCertificate(true) as { raw?: Buffer };
  return raw ? new X509Certificate(raw) : null;
}

/**
 * Who is at the other end: the only source of an identity. Throws NOT_DROPLINE where the handshake is
 * not ours, PEER_IS_SELF where it is our own key (reflection). A resumed session shows no certificate
 * to the client, so none is accepted.
 */
export function authenticate(socket: TLSSocket, ownId: PeerId, alpn: readonly string[]): PeerId {
  const certificate = certificateOf(socket);
  const agreed = socket.alpnProtocol;
  if (!certificate || socket.isSessionReused() || !agreed || !alpn.includes(agreed)) {
    throw new DroplineError('NOT_DROPLINE');
  }
  const { asymmetricKeyDetails: key } = certificate.publicKey;
  if (key?.namedCurve !== 'prime256v1') throw new DroplineError('NOT_DROPLINE');
  const peerId = peerIdOf(certificate);
  if (peerId === ownId) throw new DroplineError('PEER_IS_SELF');
  return peerId;
}
