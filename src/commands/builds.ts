/**
 * Commands about builds: cancel and retry.
 */
import { closeIcon, refreshIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { isActive, type IBuild } from '../api/types';
import { tellFailure } from '../components/failures';
import { CommandIDs } from '../tokens';
import { describe, ENVIRONMENT_ARGS, environmentOf, isNamed, type ICommandContext } from './context';

const BUILD_ARGS = {
  ...ENVIRONMENT_ARGS,
  build: { type: 'integer', description: 'The id of the build; that of the environment when left out.' }
} as const;

export function addBuildCommands(context: ICommandContext): void {
  const { app, model, trans } = context;
  const inMenu = (args: ReadonlyPartialJSONObject): boolean => isNamed(args) || args.build !== undefined;

  app.commands.addCommand(CommandIDs.cancelBuild, {
    label: args => (inMenu(args) ? trans.__('Cancel the build') : trans.__('Cancel a Build…')),
    icon: args => (inMenu(args) ? closeIcon : undefined),
    describedBy: describe(BUILD_ARGS),
    execute: async args => {
      const build = await buildOf(context, args, trans.__('Cancel the build of'), isActive);
      if (build) {
        await model
          .cancel(build.id)
          .catch(error => tellFailure(trans.__('The build of %1 goes on.', build.name), error, trans));
      }
    }
  });

  app.commands.addCommand(CommandIDs.retryBuild, {
    label: args => (inMenu(args) ? trans.__('Retry') : trans.__('Retry a Build…')),
    icon: args => (inMenu(args) ? refreshIcon : undefined),
    describedBy: describe(BUILD_ARGS),
    execute: async args => {
      const failed = (build: IBuild): boolean => !isActive(build);
      const build = await buildOf(context, args, trans.__('Retry the build of'), failed);
      try {
        return build && (await model.retry(build.id));
      } catch (error) {
        tellFailure(trans.__('The build of %1 was not repeated.', build!.name), error, trans);
        return undefined;
      }
    }
  });
}

async function buildOf(
  context: ICommandContext,
  args: ReadonlyPartialJSONObject,
  question: string,
  fits: (build: IBuild) => boolean
): Promise<IBuild | null | undefined> {
  const { model } = context;
  if (typeof args.build === 'number') {
    return model.build(args.build) ?? model.track(args.build);
  }
  const environment = await environmentOf(
    context,
    args,
    question,
    ({ build }) => build !== null && fits(build)
  );
  return environment?.build;
}
