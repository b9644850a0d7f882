/**
 * Hands the translator to all components below, so that it need not be passed through each.
 */
import { nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import React, { createContext, useContext } from 'react';

/** The name under which our texts are translated. */
export const DOMAIN = 'jupyter_envstore';

const Translation = createContext<TranslationBundle>(nullTranslator.load(DOMAIN));

export function TranslationProvider(props: {
  trans: TranslationBundle;
  children: React.ReactNode;
}): React.ReactElement {
  return <Translation.Provider value={props.trans}>{props.children}</Translation.Provider>;
}

/** The translator of the nearest `TranslationProvider`. */
export function useTranslation(): TranslationBundle {
  return useContext(Translation);
}
