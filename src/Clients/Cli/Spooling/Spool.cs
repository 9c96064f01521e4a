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
/// <remarks>The file is locked while it is open: a locked one belongs to a live run. One thread may append while another sends.</remarks>
internal sealed class Spool : IDisposable
{
    internal const string Extension = ".spool";

    private static readonly byte[] Magic = "jobwatch-spool-1"u8.ToArray();

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private readonly long _start;
    private TaskCompletionSource _appended = NewSignal();
    private long _read;
    private long _end;

    private Spool(string path, SafeFileHandle file, SpoolHeader header, long start)
    {
        Path = path;
        Header = header;
        _file = file;
        _start = _read = _end = start;
    }

    internal string Path { get; }

    internal SpoolHeader Header { get; }

    /// <summary>How many events are not acknowledged.</summary>
    internal long Pending { get; private set; }

    /// <summary>The same in bytes.</summary>
    internal long PendingBytes
    {
        get
        {
            lock (_gate)
                return _end - _read;
        }
    }

    /// <summary>The execution's end is among what was appended.</summary>
    internal bool HasEnd { get; private set; }

    /// <summary>Makes a new one, locked.</summary>
    /// <exception cref="IOException">The folder can't be made or written.</exception>
    internal static Spool Create(string folder, SpoolHeader header)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var name = $"{header.JobId}.{header.ExecutionId}.{Guid.CreateVersion7():N}";
        var path = System.IO.Path.Combine(folder, name + Extension);
        var unborn = System.IO.Path.Combine(folder, name + ".new");
        var file = File.OpenHandle(unborn, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
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

        var found = SpoolRecovery.Read(file, Magic);
        if (found is null)
        {
            file.Dispose();
            return null;
        }

        // What a crash tore off the last record is cut, so that more can follow.
        RandomAccess.SetLength(file, found.End);
        return new Spool(path, file, found.Header, found.Start) { _end = found.End, Pending = found.Events, HasEnd = found.HasEnd };
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
            Pending += events.Count;
            HasEnd |= events.Any(IsEnd);
            _appended.TrySetResult();
        }
    }

    /// <summary>Done when there is something to read.</summary>
    internal Task AppendedAsync()
    {
        lock (_gate)
            return _end > _read ? Task.CompletedTask : _appended.Task;
    }

    /// <summary>The oldest events that are not acknowledged; null if all are.</summary>
    internal SpoolBatch? Read(int maxEvents, int maxBytes)
    {
        long from, to;
        lock (_gate)
            (from, to) = (_read, _end);
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

        return events.Count > 0 ? new SpoolBatch(events, read) : throw new InvalidDataException($"{Path} is damaged at byte {from}.");
    }

    /// <summary>The server has them.</summary>
    internal void Acknowledge(SpoolBatch batch)
    {
        lock (_gate)
        {
            _read = batch.End;
            Pending -= batch.Events.Count;
            if (_read < _end)
                return;
            RandomAccess.SetLength(_file, _start);
            _read = _end = _start;
            _appended = NewSignal();
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
