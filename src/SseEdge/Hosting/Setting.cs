using System.ComponentModel.DataAnnotations;

namespace Jobwatch.SseEdge.Hosting;

/// <summary>How a wrong setting is told: by the name and the value that the operator wrote.</summary>
internal static class Setting
{
    public const string Section = "Edge";

    public static ValidationResult Wrong(ValidationContext context, object? value, string why) =>
        new($"{Section}__{context.MemberName}={value}: {why}.", [context.MemberName ?? ""]);
}
