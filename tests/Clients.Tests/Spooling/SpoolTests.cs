using Jobwatch.Cli.Spooling;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Spooling;

public sealed class SpoolTests : IDisposable
{
    private static readonly SpoolHeader Header = new("j", "e", "http://127.0.0.1:1", "/t");

    private readonly string _folder = Directory.CreateTempSubdirectory("spool-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Gives_back_what_was_appended_in_batches_no_larger_than_asked()
    {
        using var spool = Spool.Create(_folder, Header);
        spool.Append([.. Enumerable.Range(0, 1203).Select(i => Line(i))]);
        spool.Append([End()]);

        Assert.True(spool.HasEnd);
        Assert.Equal(1204, spool.Pending);
        Assert.Equal([500, 500, 204], Drain(spool, 500, 1_000_000).Select(batch => batch.Count));
        Assert.Equal(0, spool.Pending);
    }

    [Fact]
    public void Cuts_batches_by_bytes_and_gives_a_large_event_alone()
    {
        using var spool = Spool.Create(_folder, Header);
        ExecutionEvent[] events = [Line(1), Line(2, 60_000), Line(3, 60_000), Line(4)];
        spool.Append(events);

        var batches = Drain(spool, 500, 1000);
        Assert.Equal([1, 1, 1, 1], batches.Select(batch => batch.Count));
        Assert.Equal(events, batches.SelectMany(batch => batch));
    }

    [Fact]
    public void Forgets_what_is_acknowledged_and_goes_on()
    {
        using var spool = Spool.Create(_folder, Header);
        var empty = new FileInfo(spool.Path).Length;
        for (var round = 0; round < 3; round++)
        {
            spool.Append([Line(round)]);
            Assert.Equal([Line(round)], Assert.Single(Drain(spool)));
            Assert.Equal(empty, new FileInfo(spool.Path).Length);
        }
    }

    [Fact]
    public void Gives_each_event_once_and_again_to_who_opens_it_next_unless_it_was_acknowledged()
    {
        var spool = Spool.Create(_folder, Header);
        spool.Append([Line(1), Line(2), Line(3)]);
        var first = spool.Take(1, 1000)!;
        var second = spool.Take(1, 1000)!;
        Assert.Equal([Line(1), Line(2)], first.Events.Concat(second.Events));
        Assert.Equal((3, 1), (spool.Pending, spool.Waiting));

        spool.Acknowledge(first);
        Assert.Equal((2, 1), (spool.Pending, spool.Waiting));
        spool.Dispose();
        using var left = Spool.TryOpen(spool.Path)!;
        Assert.Equal([Line(1), Line(2), Line(3)], Assert.Single(Drain(left)));
    }

    [Fact]
    public void What_is_appended_while_batches_are_under_way_is_kept_when_they_are_acknowledged()
    {
        using var spool = Spool.Create(_folder, Header);
        spool.Append([Line(1)]);
        var first = spool.Take(10, 1000)!;
        Assert.False(spool.AppendedAsync().IsCompleted);
        spool.Append([Line(2)]);
        Assert.True(spool.AppendedAsync().IsCompleted);
        spool.Acknowledge(first);

        Assert.Equal([Line(2)], Assert.Single(Drain(spool)));
    }

    [Fact]
    public void A_live_runs_spool_is_locked_and_a_left_one_is_not()
    {
        var live = Spool.Create(_folder, Header);
        live.Append([Line(1)]);
        Assert.Null(Spool.TryOpen(live.Path));

        live.Dispose();
        using var taken = Spool.TryOpen(live.Path)!;
        Assert.Equal(Header, taken.Header);
        Assert.False(taken.HasEnd);
        Assert.Equal([Line(1)], Assert.Single(Drain(taken)));
    }

    [Fact]
    public void A_torn_last_record_is_ignored_wherever_it_is_torn()
    {
        var spool = Spool.Create(_folder, Header);
        var path = spool.Path;
        spool.Append([Line(1)]);
        var whole = new FileInfo(path).Length;
        spool.Append([Line(2), End()]);
        spool.Dispose();
        var bytes = File.ReadAllBytes(path);
        var second = whole + SpoolRecord.PrefixBytes + Line(2).CalculateSize();

        for (var length = whole; length <= bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..(int)length]);
            using var left = Spool.TryOpen(path)!;
            Assert.Equal(length == bytes.Length, left.HasEnd);
            Assert.Equal(length < second ? 1 : length < bytes.Length ? 2 : 3, left.Pending);

            left.Append([Line(9)]);
            Assert.Equal(Line(9), Drain(left).SelectMany(batch => batch).Last());
        }
    }

    [Fact]
    public void What_follows_a_damaged_record_is_not_read()
    {
        var spool = Spool.Create(_folder, Header);
        spool.Append([Line(1)]);
        var whole = (int)new FileInfo(spool.Path).Length;
        spool.Append([Line(2), Line(3)]);
        spool.Dispose();
        var bytes = File.ReadAllBytes(spool.Path);
        bytes[whole + SpoolRecord.PrefixBytes + 3] ^= 1;
        File.WriteAllBytes(spool.Path, bytes);

        using var left = Spool.TryOpen(spool.Path)!;
        Assert.Equal(1, left.Pending);
    }

    [Fact]
    public void A_file_without_its_header_is_no_spool()
    {
        var spool = Spool.Create(_folder, Header);
        spool.Dispose();
        var bytes = File.ReadAllBytes(spool.Path);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(spool.Path, bytes[..length]);
            Assert.Null(Spool.TryOpen(spool.Path));
        }
    }

    [Fact]
    public void Reads_a_spool_of_many_megabytes()
    {
        var spool = Spool.Create(_folder, Header);
        for (var i = 0; i < 300; i++)
            spool.Append([Line(i, 60_000)]);
        spool.Dispose();

        using var left = Spool.TryOpen(spool.Path)!;
        Assert.Equal(300, left.Pending);
        Assert.Equal(300, Drain(left).Sum(batch => batch.Count));
    }

    [Fact]
    public void Only_its_owner_may_read_the_folder()
    {
        using var spool = Spool.Create(Path.Combine(_folder, "new"), Header);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(spool.Path)!));
    }

    [Fact]
    public void Only_its_owner_may_read_it_whoever_the_folder_lets_in()
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        using var spool = Spool.Create(_folder, Header);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(spool.Path));
    }

    [Fact]
    public void It_is_emptied_when_all_that_was_appended_is_acknowledged()
    {
        using var spool = Spool.Create(_folder, Header);
        Assert.True(spool.EmptiedAsync().IsCompleted);
        for (var round = 0; round < 2; round++)
        {
            spool.Append([Line(1), Line(2)]);
            var emptied = spool.EmptiedAsync();
            spool.Acknowledge(spool.Take(1, 1000)!);
            Assert.False(emptied.IsCompleted);
            spool.Acknowledge(spool.Take(1, 1000)!);
            Assert.True(emptied.IsCompleted);
        }
    }

    private static List<IReadOnlyList<ExecutionEvent>> Drain(Spool spool, int maxEvents = 500, int maxBytes = 1_000_000)
    {
        var batches = new List<IReadOnlyList<ExecutionEvent>>();
        while (spool.Take(maxEvents, maxBytes) is { } batch)
        {
            batches.Add(batch.Events);
            spool.Acknowledge(batch);
        }

        return batches;
    }

    private static ExecutionEvent Line(int number) => Line(number, 10);

    private static ExecutionEvent Line(int number, int length) => new()
    {
        ExecutionId = "e",
        EventId = $"id-{number}",
        LogWritten = new LogWritten { Text = new string('x', length) },
    };

    private static ExecutionEvent End() => new() { ExecutionId = "e", EventId = "end", ExecutionSucceeded = new ExecutionSucceeded() };
}
