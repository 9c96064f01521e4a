using System.Reflection;
using System.Text.Json;
using Google.Protobuf;

namespace Jobwatch.Client.Json;

/// <summary>Reads the field by its property, so that no value is boxed.</summary>
internal sealed class TypedFieldWriter<TMessage, TValue>(
    JsonEncodedText name, MethodInfo getter, MethodInfo? presence, Delegate writeValue) : FieldWriter<TMessage>
    where TMessage : IMessage
{
    // Asked first, because unoptimised code boxes a value to compare it with null.
    private static readonly bool CanBeNull = default(TValue) is null;

    private readonly Func<TMessage, TValue?> _get = getter.CreateDelegate<Func<TMessage, TValue?>>();
    private readonly Func<TMessage, bool>? _has = presence?.CreateDelegate<Func<TMessage, bool>>();
    private readonly Action<Utf8JsonWriter, TValue> _write = (Action<Utf8JsonWriter, TValue>)writeValue;

    internal override void Write(Utf8JsonWriter writer, TMessage message)
    {
        if (_has is not null && !_has(message))
            return;
        var value = _get(message);
        if (CanBeNull && value is null)
            return;
        writer.WritePropertyName(name);
        _write(writer, value!);
    }
}
