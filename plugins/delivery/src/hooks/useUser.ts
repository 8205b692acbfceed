import { useApi } from '@backstage/core-plugin-api';
import { useEffect, useState } from 'react';
import { deliveryApiRef } from '../api/DeliveryApi';

/** Entity ref of the signed-in user; undefined until it is known. */
export function useUser(): string | undefined {
  const api = useApi(deliveryApiRef);
  const [user, setUser] = useState(api.lastUser);
  useEffect(() => {
    let current = true;
    api.user().then(
      found => current && setUser(found),
      // Without an identity the backend itself says what is wrong, in a sentence the error state shows.
      () => current && setUser('anonymous'),
    );
    return () => {
      current = false;
    };
  }, [api]);
  return user;
}
