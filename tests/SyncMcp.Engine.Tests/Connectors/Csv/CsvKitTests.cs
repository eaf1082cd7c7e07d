using SyncMcp.Engine.Tests.Connectors.Kit;

namespace SyncMcp.Engine.Tests.Connectors.Csv;

public sealed class CsvAsSourceTests : SourceKit
{
    protected override Task<KitPlace> OpenAsync(Lab lab) => Places.OpenAsync("CSV", lab, isSource: true);
}

public sealed class CsvAsDestinationTests : DestinationKit
{
    protected override Task<KitPlace> OpenAsync(Lab lab) => Places.OpenAsync("CSV", lab, isSource: false);
}
