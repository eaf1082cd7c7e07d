using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(SyncMcp.Tests.Testing.AfterAllOthers))]

namespace SyncMcp.Tests.Testing;

/// <summary>
/// A collection that runs when all others have ended: xunit runs those that may not run beside others last, and among these this orderer puts it last.
/// The orderer is also the one place that sees which collections a filter has left.
/// </summary>
[CollectionDefinition(nameof(AfterAllOthers), DisableParallelization = true)]
public sealed class AfterAllOthers : ITestCollectionOrderer
{
    /// <summary>No filter has left out a class of the assembly.</summary>
    public static bool AllRan { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
    {
        AllRan = testCollections.Count >= Expected();
        return [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName == nameof(AfterAllOthers))];
    }

    // A class is a collection by itself unless it names one that it shares.
    private static int Expected() => typeof(AfterAllOthers).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.GetMethods().Any(method => method.GetCustomAttributes().Any(attribute => attribute is IFactAttribute)))
        .Select(type => type.GetCustomAttributes<CollectionAttribute>().FirstOrDefault()?.Name ?? type.FullName)
        .Distinct(StringComparer.Ordinal)
        .Count();
}
