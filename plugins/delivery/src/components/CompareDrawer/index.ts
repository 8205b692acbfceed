export { CompareDrawer } from './CompareDrawer';
