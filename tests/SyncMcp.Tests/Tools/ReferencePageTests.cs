using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Tools;

public sealed class ReferencePageTests
{
    [Fact]
    public void The_page_of_the_tools_is_what_the_catalogue_says() => Snapshot.Check(Repository.At("docs", "tools.md"), ReferencePage.Text());
}
