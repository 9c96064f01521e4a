using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Live;
using Xunit;

namespace Jobwatch.StreamService.Tests.Live;

public sealed class FrameRingTests
{
    private static readonly LogCursors Cursors = new(LiveRoom.Log);

    [Fact]
    public void Holds_the_newest_frames_up_to_its_number()
    {
        var ring = new FrameRing(maxEvents: 5, maxBytes: 1 << 20);
        for (var position = 101; position <= 150; position++)
        {
            ring.Append(Frame(position));
        }

        Assert.Equal(150, ring.Last);
        Assert.Null(ring.Find(145));
        Assert.All(Enumerable.Range(146, 5), position => Assert.Equal(position, ring.Find(position)?.Position));
        Assert.Null(ring.Find(151));
    }

    [Fact]
    public void Holds_the_newest_frames_up_to_its_bytes_and_always_the_last()
    {
        var size = ModelStore.Event(100, new string('x', 100)).Bytes.Length;
        var ring = new FrameRing(maxEvents: 1000, maxBytes: (3 * size) + 10);
        for (var position = 100; position <= 120; position++)
        {
            ring.Append(Frame(position, new string('x', 100)));
        }

        Assert.Null(ring.Find(117));
        Assert.NotNull(ring.Find(118));
        ring.Append(Frame(121, new string('x', 10_000)));
        Assert.Null(ring.Find(120));
        Assert.NotNull(ring.Find(121));
    }

    [Fact]
    public void Starts_anew_anywhere_after_it_was_cleared()
    {
        var ring = new FrameRing(maxEvents: 100, maxBytes: 1 << 20);
        ring.Append(Frame(1));
        ring.Clear();
        ring.Append(Frame(7));
        ring.Append(Frame(8));

        Assert.Null(ring.Find(1));
        Assert.Equal([7, 8], new[] { ring.Find(7)!.Position, ring.Find(8)!.Position });
        Assert.Throws<InvalidOperationException>(() => ring.Append(Frame(10)));
        ring.Clear();
        ring.Append(Frame(3));
        Assert.Equal((3, 3), (ring.Find(3)!.Position, ring.Last));
        Assert.Null(ring.Find(8));
    }

    private static EventFrame Frame(long position, string text = "") => new(Cursors, ModelStore.Event(position, text));
}
