export { date } from './formats';
export { render, Renderer } from './render';
export { stylesRouter } from './styles';
