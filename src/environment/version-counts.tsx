/**
 * The marks `+2 ↑5 −1` of a version. They are asked for when its row comes into sight.
 */
import React, { useEffect, useRef, useState } from 'react';

import { Delta } from './change-kinds';
import type { Counting, ICountable, Kinds } from './counting';

interface IVersionCountsProps {
  version: ICountable & { readonly deleted: boolean };
  counting: Counting;
}

export function VersionCounts({ version, counting }: IVersionCountsProps): React.ReactElement {
  const [kinds, setKinds] = useState<Kinds | null>(counting.known(version) ?? null);
  const node = useRef<HTMLDivElement>(null);
  const { deleted } = version;
  const isKnown = kinds !== null;
  useEffect(() => {
    if (isKnown || deleted || !node.current) {
      return;
    }
    let stop = (): void => undefined;
    const watch = new IntersectionObserver(entries => {
      stop();
      stop = entries.at(-1)?.isIntersecting ? counting.ask(version, setKinds) : () => undefined;
    });
    watch.observe(node.current);
    return () => {
      watch.disconnect();
      stop();
    };
  }, [counting, isKnown, deleted]);
  return <div ref={node}>{kinds && <Delta changes={kinds} />}</div>;
}
