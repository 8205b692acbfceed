/** What a template writes as `ui:field`. */
export const ENVIRONMENTS_FIELD = 'DeliveryEnvironments';
