import './tokens.css';
import './base.css';
import './panel.css';
