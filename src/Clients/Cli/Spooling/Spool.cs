using System.Buffers;
using System.Text.Json;
using Jobwatch.V1;
using Microsoft.Win32.SafeHandles;

namespace Jobwatch.Cli.Spooling;

/// <summary>
/// The events of one run on disk: appended here first, with their ids, and sent from here. What is acknowledged everywhere is
/// cut off, so that the file stays small while the server keeps up. It outlives a kill of the process (not a loss of power: it is not
/// synced to disk), and sending it twice stores nothing twice.
/// </summary>
/// <remarks>The file is locked while it is open: a locked one belongs to a live run. One thread may append, one take and one acknowledge at a time.</remarks>
internal sealed class Spool : IDisposable
{
    internal const string Extension = ".spool";

    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly byte[] Magic = "jobwatch-spool-1"u8.ToArray();

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private readonly long _start;
    private TaskCompletionSource _appended = NewSignal();
    private TaskCompletionSource _emptied = NewSignal();
    private long _pending;
    private long _waiting;
    private bool _hasEnd;
    private long _acknowledged;
    private long _taken;
    private long _end;

    private Spool(string path, SafeFileHandle file, SpoolHeader header, long start)
    {
        Path = path;
        Header = header;
        _file = file;
        _start = _acknowledged = _taken = _end = start;
    }

    internal string Path { get; }

    internal SpoolHeader Header { get; }

    /// <summary>How many events are not acknowledged.</summary>
    internal long Pending
    {
        get
        {
            lock (_gate)
                return _pending;
        }
    }

    /// <summary>How many events are not taken for sending.</summary>
    internal long Waiting
    {
        get
        {
            lock (_gate)
                return _waiting;
        }
    }

    /// <summary>The same in bytes.</summary>
    internal long WaitingBytes
    {
        get
        {
            lock (_gate)
                return _end - _taken;
        }
    }

    /// <summary>The execution's end is among what was appended.</summary>
    internal bool HasEnd
    {
        get
        {
            lock (_gate)
                return _hasEnd;
        }
    }

    /// <summary>Makes a new one, locked.</summary>
    /// <exception cref="IOException">The folder can't be made or written.</exception>
    internal static Spool Create(string folder, SpoolHeader header)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var name = $"{header.JobId}.{header.ExecutionId}.{Guid.CreateVersion7():N}";
        var path = System.IO.Path.Combine(folder, name + Extension);
        var unborn = System.IO.Path.Combine(folder, name + ".new");
        // Whoever the folder lets in: a program's output is its owner's.
        using (new FileStream(unborn, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnersFile }))
        {
        }

        var file = File.OpenHandle(unborn, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var output = new ArrayBufferWriter<byte>();
            output.Write(Magic);
            SpoolRecord.Write(output, JsonSerializer.SerializeToUtf8Bytes(header));
            RandomAccess.Write(file, output.WrittenSpan, 0);
            // Only now, locked and with its header whole, may a flush see it.
            File.Move(unborn, path);
            return new Spool(path, file, header, output.WrittenCount);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes over one that was left behind; null if a live run holds it, or it was never begun.</summary>
    /// <exception cref="UnauthorizedAccessException">It is another user's.</exception>
    /// <exception cref="InvalidDataException">Its header can't be understood.</exception>
    internal static Spool? TryOpen(string path)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }

        try
        {
            if (SpoolRecovery.Read(file, Magic) is { } found)
            {
                // What a crash tore off the last record is cut, so that more can follow.
                RandomAccess.SetLength(file, found.End);
                return new Spool(path, file, found.Header, found.Start)
                {
                    _end = found.End,
                    _pending = found.Events,
                    _waiting = found.Events,
                    _hasEnd = found.HasEnd,
                };
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        return null;
    }

    /// <exception cref="IOException">The disk is full, or gone.</exception>
    internal void Append(IReadOnlyCollection<ExecutionEvent> events)
    {
        if (events.Count == 0)
            return;
        var output = new ArrayBufferWriter<byte>();
        foreach (var one in events)
            SpoolRecord.Write(output, one);

        lock (_gate)
        {
            RandomAccess.Write(_file, output.WrittenSpan, _end);
            _end += output.WrittenCount;
            _pending += events.Count;
            _waiting += events.Count;
            _hasEnd |= events.Any(IsEnd);
            _appended.TrySetResult();
        }
    }

    /// <summary>Done when there is something to take.</summary>
    internal Task AppendedAsync()
    {
        lock (_gate)
            return _end > _taken ? Task.CompletedTask : _appended.Task;
    }

    /// <summary>Done when all that was appended is acknowledged.</summary>
    internal Task EmptiedAsync()
    {
        lock (_gate)
        {
            if (_acknowledged == _end)
                return Task.CompletedTask;
            if (_emptied.Task.IsCompleted)
                _emptied = NewSignal();
            return _emptied.Task;
        }
    }

    /// <summary>Takes the oldest events that were not taken yet; null if all are. Until they are acknowledged they stay in the file.</summary>
    internal SpoolBatch? Take(int maxEvents, int maxBytes)
    {
        long from, to;
        lock (_gate)
            (from, to) = (_taken, _end);
        if (from == to)
            return null;

        // At least one record whole, whatever the limit.
        var bytes = new byte[Math.Min(to - from, Math.Max(maxBytes, SpoolRecord.MaxContentBytes + SpoolRecord.PrefixBytes))];
        var data = (ReadOnlySpan<byte>)bytes.AsSpan(0, RandomAccess.Read(_file, bytes, from));
        var events = new List<ExecutionEvent>();
        var read = from;
        while (events.Count < maxEvents && SpoolRecord.TryRead(ref data, out var content))
        {
            if (events.Count > 0 && read - from + content.Length > maxBytes)
                break;
            events.Add(ExecutionEvent.Parser.ParseFrom(content));
            read += SpoolRecord.PrefixBytes + content.Length;
        }

        if (events.Count == 0)
            throw new InvalidDataException($"{Path} is damaged at byte {from}.");
        lock (_gate)
        {
            _taken = read;
            _waiting -= events.Count;
            if (_taken == _end)
                _appended = NewSignal();
        }

        return new SpoolBatch(events, read);
    }

    /// <summary>The server has them. In the order in which they were taken.</summary>
    internal void Acknowledge(SpoolBatch batch)
    {
        lock (_gate)
        {
            _acknowledged = batch.End;
            _pending -= batch.Events.Count;
            if (_acknowledged < _end)
                return;
            RandomAccess.SetLength(_file, _start);
            _acknowledged = _taken = _end = _start;
            _emptied.TrySetResult();
        }
    }

    /// <summary>Ends it for good: there is nothing left to send.</summary>
    internal void Delete()
    {
        // Emptied first: a flush that has opened the file but not yet locked it must find no run in it.
        RandomAccess.SetLength(_file, 0);
        File.Delete(Path);
        Dispose();
    }

    public void Dispose() => _file.Dispose();

    internal static bool IsEnd(ExecutionEvent one) => one.PayloadCase is
        ExecutionEvent.PayloadOneofCase.ExecutionSucceeded or
        ExecutionEvent.PayloadOneofCase.ExecutionFailed or
        ExecutionEvent.PayloadOneofCase.ExecutionCancelled;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
