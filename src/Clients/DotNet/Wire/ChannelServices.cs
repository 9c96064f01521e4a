namespace Jobwatch.Client.Wire;

/// <summary>What a channel is given beside its options: it asks for lists of factories by their type.</summary>
internal sealed class ChannelServices(params object[] services) : IServiceProvider
{
    public object? GetService(Type serviceType) => services.FirstOrDefault(serviceType.IsInstanceOfType);
}
