/**
 * Commands that look whether the files of a version are whole, and make them anew.
 */
import { Notification } from '@jupyterlab/apputils';
import { buildIcon, checkIcon } from '@jupyterlab/ui-components';

import type { IBuild, IVerificationReport } from '../api/types';
import { tellFailure } from '../components/failures';
import { CommandIDs, type IVersionName } from '../tokens';
import { describe, isNamed } from './context';
import { VERSION_ARGS, versionOrActive, type IVersionContext } from './version-choice';

/** Files that a notification names. */
const FEW = 3;

const ARGS = {
  ...VERSION_ARGS,
  version: { type: 'integer', description: 'The number of the version; the active one when left out.' }
} as const;

export function addMendingCommands(context: IVersionContext): void {
  const { app, trans } = context;

  app.commands.addCommand(CommandIDs.verifyVersion, {
    label: args => (isNamed(args) ? trans.__('Verify') : trans.__('Verify the Files of an Environment…')),
    caption: trans.__('Read every file of a version and compare it with the lock'),
    icon: args => (isNamed(args) ? checkIcon : undefined),
    describedBy: describe(ARGS),
    execute: async args => {
      const version = await versionOrActive(context, args, trans.__('Verify which environment?'));
      return version && verify(context, version);
    }
  });

  app.commands.addCommand(CommandIDs.repairVersion, {
    label: args => {
      if (!isNamed(args)) {
        return trans.__('Repair the Files of an Environment…');
      }
      return args.freed === true ? trans.__('Rebuild') : trans.__('Repair');
    },
    caption: trans.__('Make the files of a version anew, from its lock'),
    icon: args => (isNamed(args) ? buildIcon : undefined),
    describedBy: describe({
      ...ARGS,
      freed: { type: 'boolean', description: 'Whether its files were freed, for the name in menus.' }
    }),
    execute: async args => {
      const version = await versionOrActive(context, args, trans.__('Repair which environment?'));
      return version && repair(context, version);
    }
  });
}

async function verify(
  context: IVersionContext,
  version: IVersionName
): Promise<IVerificationReport | undefined> {
  const { app, client, trans } = context;
  const { namespace, name, number } = version;
  const title = `${name} v${number}`;
  const id = Notification.emit(trans.__('Reading the files of %1', title), 'in-progress', {
    autoClose: false
  });
  let report: IVerificationReport;
  try {
    report = await client.verify(version);
  } catch (error) {
    Notification.dismiss(id);
    tellFailure(trans.__('%1 was not verified.', title), error, trans);
    return undefined;
  }
  if (report.problems.length === 0) {
    Notification.update({
      id,
      type: 'success',
      message: trans._n(
        '%1 file of %2 agrees with its lock.',
        'All %1 files of %2 agree with its lock.',
        report.files,
        title
      ),
      autoClose: 8_000
    });
    return report;
  }
  const more = report.problems.length - FEW;
  Notification.update({
    id,
    type: 'warning',
    message: [
      trans._n(
        '%1 file of %2 does not agree with its lock.',
        '%1 files of %2 do not agree with its lock.',
        report.problems.length,
        title
      ),
      ...report.problems.slice(0, FEW),
      ...(more > 0 ? [trans._n('%1 more.', '%1 more.', more)] : []),
      ...(report.also_in.length > 0 ? [trans.__('The same files are in %1.', report.also_in.join(', '))] : [])
    ].join(' '),
    autoClose: false,
    actions: [
      {
        label: trans.__('Repair'),
        callback: () =>
          void app.commands.execute(CommandIDs.repairVersion, { namespace, name, version: number })
      }
    ]
  });
  return report;
}

async function repair(context: IVersionContext, version: IVersionName): Promise<IBuild | undefined> {
  const { app, model, trans } = context;
  const { namespace, name, number } = version;
  try {
    const build = await model.repair(version);
    Notification.info(trans.__('The files of %1 v%2 are made anew.', name, number), {
      autoClose: 8_000,
      actions: [
        {
          label: trans.__('Show the build'),
          callback: () => {
            const args = { namespace, name, tab: 'builds', build: build.id };
            void app.commands.execute(CommandIDs.openEnvironment, args);
          }
        }
      ]
    });
    return build;
  } catch (error) {
    tellFailure(trans.__('%1 v%2 is not repaired.', name, number), error, trans);
    return undefined;
  }
}
