using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Jobwatch.Client.Json;

/// <summary>The types that proto JSON writes in a form of their own.</summary>
internal static class WellKnownShapes
{
    /// <summary>The type's own form, or null if it is written field by field.</summary>
    internal static MessageShape? Find(MessageDescriptor type)
    {
        if (type.File.Package != "google.protobuf")
            return null;
        return type.FullName switch
        {
            "google.protobuf.Timestamp" => new ValueShape<Timestamp>(TimeText.Write),
            "google.protobuf.Duration" => new ValueShape<Duration>(TimeText.Write),
            "google.protobuf.Struct" => new ValueShape<Struct>(StructText.Write),
            "google.protobuf.Value" => new ValueShape<Value>(StructText.Write),
            "google.protobuf.ListValue" => new ValueShape<ListValue>(StructText.Write),
            "google.protobuf.DoubleValue" => new ValueShape<DoubleValue>((writer, message) => ValueWriters.Write(writer, message.Value)),
            "google.protobuf.FloatValue" => new ValueShape<FloatValue>((writer, message) => ValueWriters.Write(writer, message.Value)),
            "google.protobuf.Int64Value" => new ValueShape<Int64Value>((writer, message) => writer.WriteNumberValue(message.Value)),
            "google.protobuf.UInt64Value" => new ValueShape<UInt64Value>((writer, message) => writer.WriteNumberValue(message.Value)),
            "google.protobuf.Int32Value" => new ValueShape<Int32Value>((writer, message) => writer.WriteNumberValue(message.Value)),
            "google.protobuf.UInt32Value" => new ValueShape<UInt32Value>((writer, message) => writer.WriteNumberValue(message.Value)),
            "google.protobuf.BoolValue" => new ValueShape<BoolValue>((writer, message) => writer.WriteBooleanValue(message.Value)),
            "google.protobuf.StringValue" => new ValueShape<StringValue>((writer, message) => writer.WriteStringValue(message.Value)),
            "google.protobuf.BytesValue" => new ValueShape<BytesValue>((writer, message) => writer.WriteBase64StringValue(message.Value.Span)),
            "google.protobuf.Any" or "google.protobuf.FieldMask" =>
                throw new NotSupportedException($"{type.FullName} has no place in Jobwatch's JSON."),
            _ => null,
        };
    }
}
