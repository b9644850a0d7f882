/**
 * The command that frees disk: it says first what goes and what stays, and why.
 */
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';

import type { ICollection } from '../api/types';
import { tellFailure } from '../components/failures';
import { formatBytes } from '../components/formatting';
import { diskIcon } from '../components/icons';
import { TranslationProvider } from '../components/translation';
import { CollectionView } from '../panel/collection';
import { CommandIDs } from '../tokens';
import { describe } from './context';
import type { IVersionContext } from './version-choice';

export function addFreeingCommand(context: IVersionContext): void {
  const { app, trans } = context;
  app.commands.addCommand(CommandIDs.freeDisk, {
    label: trans.__('Free Disk Space…'),
    caption: trans.__('Free what no active or pinned version, running kernel or recent use needs'),
    icon: args => (args.isMenu ? diskIcon : undefined),
    describedBy: describe(),
    execute: () => free(context)
  });
}

async function free(context: IVersionContext): Promise<ICollection | undefined> {
  const { client, model, trans } = context;
  try {
    const plan = await client.collect(true);
    const isNothing = plan.collected.length === 0;
    const { button } = await showDialog({
      title: isNothing ? trans.__('Nothing can be freed') : trans.__('Free %1?', formatBytes(plan.freed)),
      body: new Plan(plan, context),
      buttons: isNothing
        ? [Dialog.cancelButton({ label: trans.__('Close') })]
        : [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Free %1', formatBytes(plan.freed)) })],
      // The focus is on the harmless one.
      defaultButton: 0,
      focusNodeSelector: '.jp-Dialog-footer .jp-mod-reject'
    });
    if (!button.accept) {
      return undefined;
    }
    const done = await model.collect();
    Notification.success(trans.__('%1 were freed.', formatBytes(done.freed)), { autoClose: 8_000 });
    return done;
  } catch (error) {
    tellFailure(trans.__('Nothing was freed.'), error, trans);
    return undefined;
  }
}

/** What would go, as the body of a dialog. */
class Plan extends ReactWidget {
  constructor(
    private readonly plan: ICollection,
    private readonly context: IVersionContext
  ) {
    super();
    this.addClass('envstore');
    this.addClass('envstore-question');
    this.addClass('envstore-plan');
  }

  protected override render(): React.ReactElement {
    return (
      <TranslationProvider trans={this.context.trans}>
        <CollectionView collection={this.plan} />
      </TranslationProvider>
    );
  }
}
