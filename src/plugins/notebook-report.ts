/**
 * The plugin with the reports on notebooks: the side view, its command, and the record of runs.
 */
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

/* eslint-disable jupyter/prefer-lazy-imports -- the command is registered, and cells are watched, at once */
import { describe } from '../commands/context';
import { reportIcon } from '../components/icons';
import { DOMAIN } from '../components/translation';
import { CompleteRuns, type IExecuted } from '../model/complete-runs';
import { NotebookReports } from '../model/notebook-report';
import type { IRepairContext } from '../notebook/report/repairs';
import type { IReportActions } from '../notebook/report/view';
import type { ReportWidget } from '../notebook/report/widget';
import { CommandIDs, IEnvStoreClient, IEnvStoreModel, IEnvStoreNotebooks, IEnvStoreReports } from '../tokens';

/** The plugin that has the settings. */
const SETTINGS = 'jupyter-envstore:plugin';
/** Below the property inspector. */
const RANK = 700;

export const notebookReportPlugin: JupyterFrontEndPlugin<IEnvStoreReports> = {
  id: 'jupyter-envstore:notebook-report',
  description: 'Shows what stands between a notebook and the same results elsewhere, and records its runs.',
  autoStart: true,
  requires: [IEnvStoreClient, IEnvStoreModel, IEnvStoreNotebooks, INotebookTracker],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer, ISettingRegistry],
  provides: IEnvStoreReports,
  activate: (
    app: JupyterFrontEnd,
    client: IEnvStoreClient,
    model: IEnvStoreModel,
    notebooks: IEnvStoreNotebooks,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    settings: ISettingRegistry | null
  ) => {
    const { commands, shell } = app;
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const reports = new NotebookReports({ client, model, notebooks });
    const views = new WidgetTracker<ReportWidget>({ namespace: 'envstore-report' });
    const context: Omit<IRepairContext, 'shelves'> = {
      client,
      model,
      commands,
      trans,
      executed: NotebookActions.executed as unknown as IRepairContext['executed'],
      standing: panel => notebooks.standing(panel),
      activate: (panel: NotebookPanel) => shell.activateById(panel.id)
    };
    const actions: Omit<IReportActions, 'close'> = {
      repair: (reporting, check, place) =>
        void Promise.all([import('../notebook/report/repairs'), import('../notebook/offers/shelves')]).then(
          async ([{ repair }, { Shelves }]) => {
            const shelves = Shelves.ofPage(client);
            if (!(await repair({ ...context, shelves }, reporting, check, place))) {
              return;
            }
            await reporting.check();
            if (reporting.since === 'standing') {
              await reporting.check(); // which version a new kernel runs is known only a moment later
            }
          }
        ),
      run: reporting =>
        void import('../notebook/report/repairs').then(async ({ runAll }) => {
          await runAll(context, reporting.panel);
          await reporting.check();
        }),
      save: ({ panel, report }) =>
        void import('../notebook/report/file').then(({ keepReport }) =>
          keepReport({ contents: app.serviceManager.contents, commands, trans }, panel.context.path, report!)
        )
    };

    commands.addCommand(CommandIDs.reportNotebook, {
      label: trans.__('Report on the Reproducibility of This Notebook'),
      caption: trans.__('Show beside a notebook what stands between it and the same results elsewhere'),
      icon: args => (args.isPalette ? undefined : reportIcon),
      describedBy: describe({ activate: { type: 'boolean', description: 'Whether the view is shown.' } }),
      isEnabled: () => tracker.currentWidget !== null,
      execute: async args => {
        const { ReportWidget } = await import('../notebook/report/widget');
        if (views.size === 0) {
          const view = new ReportWidget({ tracker, reports, actions, trans });
          shell.add(view, 'right', { rank: RANK, type: 'Reproducibility' });
          await views.add(view);
        }
        if (args.activate === false) {
          return null;
        }
        views.forEach(view => shell.activateById(view.id));
        const panel = tracker.currentWidget;
        return panel && reports.reporting(panel).check();
      }
    });
    palette?.addItem({ command: CommandIDs.reportNotebook, category: trans.__('Environments') });
    if (restorer) {
      void restorer.restore(views, {
        command: CommandIDs.reportNotebook,
        name: () => 'report',
        args: () => ({ activate: false })
      });
    }

    const runs = new CompleteRuns(tracker, notebooks, client);
    NotebookActions.executed.connect((_, executed) => void runs.take(executed as IExecuted));
    void settings?.load(SETTINGS).then(loaded => {
      const read = (): void => {
        runs.enabled = loaded.get('recordRuns').composite !== false;
      };
      loaded.changed.connect(read);
      read();
    });
    return reports;
  }
};
