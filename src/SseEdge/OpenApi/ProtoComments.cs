using System.Text.RegularExpressions;
using System.Xml.Linq;
using Google.Protobuf.Reflection;

namespace Jobwatch.SseEdge.OpenApi;

/// <summary>
/// The protos' comments, by way of the documentation file that the compiler writes beside the generated code: the descriptors
/// themselves have none. Without the file the document has no descriptions, and nothing else is missing.
/// </summary>
internal sealed partial class ProtoComments
{
    private readonly Dictionary<string, string> _summaries;

    private ProtoComments(Dictionary<string, string> summaries) => _summaries = summaries;

    public static ProtoComments Load()
    {
        var assembly = typeof(Jobwatch.V1.Job).Assembly.GetName().Name;
        var file = Path.Combine(AppContext.BaseDirectory, $"{assembly}.xml");
        return new ProtoComments(File.Exists(file) ? Read(XDocument.Load(file)) : []);
    }

    public string? Of(MessageDescriptor message) => Find($"T:{message.ClrType.FullName}");

    public string? Of(EnumDescriptor words) => Find($"T:{words.ClrType.FullName}");

    public string? Of(FieldDescriptor field) => Find($"P:{field.ContainingType.ClrType.FullName}.{field.PropertyName}");

    public string? Of(MethodDescriptor method) =>
        Find($"M:{method.InputType.ClrType.Namespace}.{method.Service.Name}.{method.Service.Name}Base.{method.Name}");

    private string? Find(string member) => _summaries.GetValueOrDefault(member);

    // Methods without their parameters: no two of a service have the same name.
    private static Dictionary<string, string> Read(XDocument file) => file.Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .GroupBy(member => member.Attribute("name")!.Value.Split('(')[0], StringComparer.Ordinal)
        .ToDictionary(members => members.Key, members => Unfolded(members.First().Element("summary")!.Value), StringComparer.Ordinal);

    // Paragraphs stay, the line breaks of the source don't.
    private static string Unfolded(string summary) =>
        string.Join("\n\n", Paragraph().Split(summary.Trim()).Select(text => LineBreak().Replace(text, " ")));

    [GeneratedRegex(@"\n\s*\n\s*")]
    private static partial Regex Paragraph();

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex LineBreak();
}
