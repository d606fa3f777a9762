package io.aiproxy.upstream;

import io.aiproxy.call.Watch;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One connection that an {@link EventLoop} looks after while nobody waits at it. */
final class SocketWatch implements Watch {
  private final EventLoop loop;
  private final ChannelSocket socket;
  private final SilenceWatch silence;
  private final AtomicBoolean called = new AtomicBoolean();
  private volatile @Nullable Runnable turn;
  private volatile boolean over;
  private @Nullable SelectionKey key;

  private SocketWatch(EventLoop loop, ChannelSocket socket, SilenceWatch silence) {
    this.loop = loop;
    this.socket = socket;
    this.silence = silence;
  }

  /**
   * From now on nobody waits at the socket.
   *
   * @param silence does not count while nobody looks
   */
  static SocketWatch over(ChannelSocket socket, EventLoop loop, SilenceWatch silence)
      throws IOException {
    SocketWatch watch = new SocketWatch(loop, socket, silence);
    socket.unblock(watch::wake);
    return watch;
  }

  @Override
  public void look(Runnable wanted) {
    turn = wanted;
    wake();
  }

  @Override
  public void wake() {
    if (!over && called.compareAndSet(false, true)) {
      loop.call(this);
    }
  }

  @Override
  public void pause() {
    silence.pauses();
    if (key != null) {
      ask(key, 0);
    }
  }

  @Override
  public boolean isOpen() {
    return !socket.isClosed();
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    over = true;
    silence.pauses();
    if (key != null) {
      key.cancel();
    }
    socket.block();
  }

  /** It was called. By the loop alone. */
  void answer(Selector selector) throws IOException {
    called.set(false);
    if (turn != null && !over) {
      look(selector);
      take();
    }
  }

  /** Also after a pause, since what was waited for may have come before it: the turn will tell. */
  private void look(Selector selector) throws IOException {
    SelectionKey registered = key;
    if (registered == null) {
      SocketChannel channel = socket.getChannel();
      if (channel.keyFor(selector) != null) {
        selector.selectNow(
            EventLoop::take); // the key of an exchange before is still to be taken away
      }
      try {
        key = channel.register(selector, SelectionKey.OP_READ, this);
      } catch (ClosedChannelException closed) {
        return; // as the turn will find
      }
    } else {
      ask(registered, SelectionKey.OP_READ);
    }
  }

  private static void ask(SelectionKey key, int operations) {
    try {
      key.interestOps(operations);
    } catch (CancelledKeyException closed) {
      return; // as the turn will find that the closing calls for
    }
  }

  /** There may be something. By the loop alone. */
  void take() {
    Runnable wanted = turn;
    if (wanted != null && !over) {
      wanted.run();
    }
  }
}
