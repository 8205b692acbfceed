export { DeliverySidebarItem } from './DeliverySidebarItem';
