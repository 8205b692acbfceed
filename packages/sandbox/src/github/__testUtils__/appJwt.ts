import { createPrivateKey } from 'crypto';
import { SignJWT } from 'jose';
import { GitHubApp } from '../gitHubApp';

/** A token an App signs to speak as itself. */
export function appJwt(
  app: GitHubApp,
  key = app.privateKeyPem,
): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(String(app.id))
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(createPrivateKey(key));
}
