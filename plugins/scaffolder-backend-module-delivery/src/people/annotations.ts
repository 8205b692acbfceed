/** Annotations that name an account or a team at GitHub. */
export const ANNOTATION_LOGIN = 'github.com/user-login';
export const ANNOTATION_NODE_ID = 'github.com/user-id';
/** `org/slug` */
export const ANNOTATION_TEAM = 'github.com/team-slug';
