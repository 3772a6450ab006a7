from wrong_backward_passes.results import PAGE, page


def test_the_page_of_results_is_what_the_command_writes() -> None:
    assert PAGE.read_text() == page()
