export { date } from './helpers';
export { render, Renderer } from './render';
export { stylesRouter } from './styles';
