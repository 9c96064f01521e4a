using System.Reflection;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Jobwatch.Client.Json;

/// <summary>The writers of values: an <c>Action&lt;Utf8JsonWriter, T&gt;</c> for each CLR type that a field can have.</summary>
internal static class ValueWriters
{
    /// <summary>The writer of a field's whole value, which <paramref name="type"/> holds.</summary>
    internal static Delegate For(FieldDescriptor field, System.Type type)
    {
        if (field.IsMap)
        {
            var entry = field.MessageType.Fields;
            return Generic(nameof(Map), type.GetGenericArguments(), OfKey(entry[1].FieldType), OfOne(entry[2], type.GetGenericArguments()[1]));
        }

        return field.IsRepeated
            ? Generic(nameof(List), type.GetGenericArguments(), OfOne(field, type.GetGenericArguments()[0]))
            : OfOne(field, type);
    }

    internal static void Write(Utf8JsonWriter writer, double value)
    {
        // JSON has no word for these three; proto JSON takes strings.
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    private static Delegate OfOne(FieldDescriptor field, System.Type type) => field.FieldType switch
    {
        FieldType.String => (Action<Utf8JsonWriter, string>)((writer, value) => writer.WriteStringValue(value)),
        FieldType.Bool => (Action<Utf8JsonWriter, bool>)((writer, value) => writer.WriteBooleanValue(value)),
        FieldType.Bytes => (Action<Utf8JsonWriter, ByteString>)((writer, value) => writer.WriteBase64StringValue(value.Span)),
        FieldType.Double => (Action<Utf8JsonWriter, double>)Write,
        FieldType.Float => (Action<Utf8JsonWriter, float>)Write,
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 =>
            (Action<Utf8JsonWriter, int>)((writer, value) => writer.WriteNumberValue(value)),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 =>
            (Action<Utf8JsonWriter, long>)((writer, value) => writer.WriteNumberValue(value)),
        FieldType.UInt32 or FieldType.Fixed32 => (Action<Utf8JsonWriter, uint>)((writer, value) => writer.WriteNumberValue(value)),
        FieldType.UInt64 or FieldType.Fixed64 => (Action<Utf8JsonWriter, ulong>)((writer, value) => writer.WriteNumberValue(value)),
        FieldType.Enum => Generic(nameof(Enum), [type], field.EnumType),
        FieldType.Message when field.MessageType.File.Name == "google/protobuf/wrappers.proto" => Wrapped(field.MessageType.Fields[1], type),
        FieldType.Message => Generic(nameof(Message), [type], field.MessageType),
        _ => throw new NotSupportedException($"Field {field.FullName} is a {field.FieldType}."),
    };

    // Generated code shows a wrapper as the nullable value in it.
    private static Delegate Wrapped(FieldDescriptor inner, System.Type type) =>
        System.Nullable.GetUnderlyingType(type) is { } value
            ? Generic(nameof(Nullable), [value], OfOne(inner, value))
            : OfOne(inner, type);

    private static Action<Utf8JsonWriter, T?> Nullable<T>(Action<Utf8JsonWriter, T> writeOne)
        where T : struct => (writer, value) => writeOne(writer, value.GetValueOrDefault());

    private static Action<Utf8JsonWriter, TMessage> Message<TMessage>(MessageDescriptor type)
        where TMessage : IMessage
    {
        var shape = MessageShape.Of(type);
        return (writer, value) => shape.Write(writer, value);
    }

    private static Action<Utf8JsonWriter, TEnum> Enum<TEnum>(EnumDescriptor type)
        where TEnum : struct, System.Enum
    {
        if (typeof(TEnum) == typeof(NullValue))
            return (writer, _) => writer.WriteNullValue();

        // Aliases share a number: the first name stands for it.
        var names = type.Values.DistinctBy(value => value.Number)
            .ToDictionary(value => value.Number, value => JsonEncodedText.Encode(value.Name));
        return (writer, value) =>
        {
            var number = System.Runtime.CompilerServices.Unsafe.As<TEnum, int>(ref value);
            if (names.TryGetValue(number, out var name))
                writer.WriteStringValue(name);
            else
                writer.WriteNumberValue(number);
        };
    }

    private static Action<Utf8JsonWriter, RepeatedField<T>> List<T>(Action<Utf8JsonWriter, T> writeOne) => (writer, values) =>
    {
        writer.WriteStartArray();
        for (var i = 0; i < values.Count; i++)
            writeOne(writer, values[i]);
        writer.WriteEndArray();
    };

    private static Action<Utf8JsonWriter, MapField<TKey, T>> Map<TKey, T>(
        Action<Utf8JsonWriter, object> writeKey, Action<Utf8JsonWriter, T> writeOne)
        where TKey : notnull => (writer, values) =>
    {
        writer.WriteStartObject();
        if (values.Count > 0)
        {
            foreach (var (key, value) in values)
            {
                writeKey(writer, key);
                writeOne(writer, value);
            }
        }

        writer.WriteEndObject();
    };

    private static Action<Utf8JsonWriter, object> OfKey(FieldType type) => type switch
    {
        FieldType.String => (writer, key) => writer.WritePropertyName((string)key),
        FieldType.Bool => (writer, key) => writer.WritePropertyName((bool)key ? "true" : "false"),
        _ => (writer, key) => writer.WritePropertyName(Convert.ToString(key, System.Globalization.CultureInfo.InvariantCulture)!),
    };

    internal static void Write(Utf8JsonWriter writer, float value)
    {
        if (float.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            Write(writer, (double)value);
    }

    private static Delegate Generic(string method, System.Type[] types, params object[] arguments) =>
        (Delegate)typeof(ValueWriters).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(types).Invoke(null, arguments)!;
}
