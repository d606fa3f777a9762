package io.aiproxy.stream;

import java.util.function.Consumer;

/**
 * A step that a body passes: takes an item in and gives any number out. One per body, used by one thread at a time; it
 * neither blocks nor starts threads.
 */
public interface Transducer<I, O> {
  void next(I item, Consumer<? super O> out);

  /** No item follows: gives out what was held back. */
  default void end(Consumer<? super O> out) {}

  /** The two steps as one. */
  default <P> Transducer<I, P> then(Transducer<? super O, P> following) {
    Transducer<I, O> first = this;
    return new Transducer<>() {
      @Override
      public void next(I item, Consumer<? super P> out) {
        first.next(item, between -> following.next(between, out));
      }

      @Override
      public void end(Consumer<? super P> out) {
        first.end(between -> following.next(between, out));
        following.end(out);
      }
    };
  }
}
