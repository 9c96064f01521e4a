namespace Jobwatch.StreamService.Hints;

/// <summary>A hint on its way.</summary>
internal readonly record struct HintMessage(string Channel, string Payload);
