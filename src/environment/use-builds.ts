/**
 * The builds of an environment, the newest first, each as it is now.
 */
import type { IBuild, IEnvironment } from '../api/types';
import { useSignal } from '../components/use-model';
import { useEnvironmentContext } from './context';
import { usePages, type IPages } from './pages';

export interface IBuildList extends Omit<IPages<IBuild>, 'items'> {
  readonly builds: ReadonlyArray<IBuild>;
}

export function useBuilds(environment: IEnvironment): IBuildList {
  const { model, client } = useEnvironmentContext();
  useSignal(model.changed);
  const { namespace, name, build } = environment;
  const { items, ...pages } = usePages(
    `${namespace}/${name} ${build?.id} ${build?.state} ${environment.active_version}`,
    query => client.builds({ environment: `${namespace}/${name}`, ...query }),
    item => item.id
  );
  const isNew = build && !items.some(item => item.id === build.id);
  const all = isNew ? [build, ...items] : items;
  return {
    ...pages,
    builds: all.map(item => {
      const known = model.build(item.id);
      return known && known.sequence >= item.sequence ? known : item;
    }),
    total: pages.total + (isNew ? 1 : 0)
  };
}
