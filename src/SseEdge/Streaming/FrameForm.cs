using Google.Protobuf;
using Google.Protobuf.Reflection;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>
/// Reads and makes the messages of one stream. The three streams have messages of different types that are built alike: a cursor,
/// and one of the same things to say.
/// </summary>
internal sealed class FrameForm<TMessage>
    where TMessage : IMessage, new()
{
    private const string Event = "event";

    private readonly IFieldAccessor _cursor;
    private readonly IFieldAccessor _draining;
    private readonly IFieldAccessor _heartbeat;
    private readonly IFieldAccessor _ended;
    private readonly IFieldAccessor? _job;
    private readonly OneofAccessor _message;

    public FrameForm()
    {
        var descriptor = new TMessage().Descriptor;
        _cursor = descriptor.FindFieldByName("cursor").Accessor;
        _draining = descriptor.FindFieldByName("draining").Accessor;
        _heartbeat = descriptor.FindFieldByName("heartbeat").Accessor;
        _ended = descriptor.FindFieldByName(Frame.ExecutionEnded).Accessor;
        _job = descriptor.FindFieldByName("job_id")?.Accessor;
        _message = descriptor.Oneofs.Single(one => one.Name == "message").Accessor;
    }

    /// <summary>The frame of a message; null for one that says nothing this edge knows, as a newer node may send.</summary>
    public Frame? Of(TMessage message)
    {
        if (_message.GetCaseFieldDescriptor(message) is not { } said)
            return null;
        var name = said.Name == Event ? Frame.Update : said.Name;
        return new Frame((string)_cursor.GetValue(message), name, (IMessage)said.Accessor.GetValue(message), message);
    }

    /// <summary>The end of an execution, made from its last event, which says all of it.</summary>
    public Frame EndOf(in Frame last)
    {
        var said = (ExecutionEvent)last.Body;
        var ended = new ExecutionEnded { ExecutionId = said.ExecutionId, Status = said.Status, Position = said.Position };
        var message = new TMessage();
        if (_job is not null)
        {
            ended.JobId = said.JobId;
            _job.SetValue(message, said.JobId);
        }

        _cursor.SetValue(message, last.Cursor);
        _ended.SetValue(message, ended);
        return new Frame(last.Cursor, Frame.ExecutionEnded, ended, message);
    }

    /// <summary>The edge's own heartbeat.</summary>
    public TMessage Heartbeat(string cursor)
    {
        var message = new TMessage();
        _cursor.SetValue(message, cursor);
        _heartbeat.SetValue(message, new Heartbeat());
        return message;
    }

    /// <summary>The edge's own farewell.</summary>
    public Frame Farewell(string cursor, Draining draining)
    {
        var message = new TMessage();
        _cursor.SetValue(message, cursor);
        _draining.SetValue(message, draining);
        return new Frame(cursor, "draining", draining, message);
    }
}
