import { toStoreEvent } from '../api/events';

describe('The event stream', () => {
  it('takes no event of others for its own', () => {
    const ours = 'https://schema.jupyter.org/jupyter_envstore/build/v1';
    expect(toStoreEvent({ schema_id: 'https://example.org/other', build: 1 } as never)).toBeNull();
    expect(toStoreEvent({} as never)).toBeNull();
    expect(toStoreEvent({ schema_id: ours, build: 'x', sequence: null } as never)).toEqual({});
    expect(toStoreEvent({ schema_id: ours, build: 3, sequence: 7 } as never)).toEqual({
      build: 3,
      sequence: 7
    });
  });
});
