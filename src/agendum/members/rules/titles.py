"""The words for every right, each under the right that it belongs to.

A right that limits (days, ids, yes or no) stands under the right that it limits: who lacks that one may not set it.
"""

TREE = """
timetable_access: Calendar
  position_id: Appointments of a position
  master_id: Appointments of a team member
  last_days_count: Past days shown
  schedule_edit_access: Change work schedules in the calendar
  timetable_phones_access: Phones in the calendar
  timetable_transferring_record_access: Move appointments
  timetable_statistics_access: Statistics of the day
  timetable_waiting_list_access: Waiting list
record_form_access: Appointment window
  record_form_client_access: Client's data
  record_form_client_add_access: Add a client
  records_autocomplete_access: Suggest clients
    records_autocomplete_phone_access: Phones in suggestions
  create_records_access: Create appointments
  edit_records_access: Change appointments
    records_edit_last_days_count: Past days that may be changed
    records_edit_date_and_master_access: Date and team member
    records_edit_duration_access: Length
    records_edit_comment_access: Comment
    records_edit_services_access: Services
    records_consumables_edit_access: Consumables
    edit_records_attendance_access: Appointments of clients who came
    record_edit_full_paid_access: Paid appointments
    record_edit_full_paid_client_came_access: Paid appointments of clients who came
    record_edit_full_paid_client_confirm_access: Paid appointments that are confirmed
  records_services_cost_access: Prices of services
  records_services_discount_access: Discounts on services
  delete_records_access: Delete appointments
    delete_customer_came_records_access: Appointments of clients who came
    delete_paid_records_access: Paid appointments
  records_goods_access: Products in appointments
    records_goods_create_transaction_access: Sell products
      records_goods_create_last_days_count: Past days in which to sell
    records_goods_edit_transaction_access: Change sales
      records_goods_edit_last_days_count: Past days in which to change sales
    records_goods_cost_access: Prices of products
    records_goods_discount_access: Discounts on products
  records_finances_access: Payment of appointments
    records_finances_last_days_count: Past days in which to take payment
    records_finances_pay_from_deposits_access: Pay from client accounts
  records_group_id_access: Clients of the whole chain
    records_group_id: Chain
  assistants_management_access: Assistants
    assistants_reward_share_edit_access: Assistants' share of the pay
  custom_fields_client_values_read_access: See clients' own fields
    custom_fields_client_values_edit_access: Fill clients' own fields
  custom_fields_record_values_read_access: See appointments' own fields
    custom_fields_record_values_edit_access: Fill appointments' own fields
finances_access: Finances
  finances_transactions_access: Money movements
    finances_last_days_count: Past days shown
    finances_create_transactions_access: Record movements
      finances_create_last_days_count: Past days in which to record
    finances_edit_transactions_access: Change movements
      finances_edit_last_days_count: Past days in which to change
    finances_delete_transactions_access: Delete movements
    finances_transactions_excel_access: Export movements
  finances_accounts_access: Accounts
    finances_accounts_limited_access: Chosen accounts only
    finances_accounts_ids: Chosen accounts
    finances_accounts_banalce_access: Balances
  finances_suppliers_read_access: See suppliers
    finances_suppliers_create_access: Add suppliers
    finances_suppliers_update_access: Change suppliers
    finances_suppliers_delete_access: Delete suppliers
    finances_suppliers_excel_access: Export suppliers
  finances_expenses_read_access: See payment items
    finances_expenses_ids: Chosen payment items
    finances_expenses_create_access: Add payment items
    finances_expenses_update_access: Change payment items
    finances_expenses_delete_access: Delete payment items
  finances_kkm_transactions_access: Cash register operations
  finances_kkm_settings_read_access: See cash register settings
    finances_kkm_settings_update_access: Change cash register settings
  finances_settings_invoicing_read_access: See online payment settings
    finances_settings_invoicing_update_access: Change online payment settings
  finances_options_read_access: See payment settings
    finances_options_update_access: Change payment settings
  finances_salary_schemes_access: Pay schemes
  finances_salary_calc_access: Payroll
    finances_salary_not_limitation_today_access: Payroll of past days
    finances_salary_access_master_checkbox: Payroll of one team member only
    finances_salary_access_master_id: That team member
    finances_salary_master_not_limitation_today_access: His payroll of past days
  finances_payroll_calculation_create_access: Calculate pay
    finances_payroll_calculation_create_not_limitation_today_access: For past days
    finances_payroll_calculation_create_by_master_access: For one team member only
    calculation_create_by_master_not_limitation_today_access: For him and past days
  finances_period_report_access: Report of a period
    finances_period_report_excel_access: Export it
  finances_year_report_access: Report of a year
    finances_year_report_excel_access: Export it
  finances_print_check_access: Print receipts
  finances_z_report_access: Report of the day
    finances_z_report_no_limit_today_access: Of past days
    finances_z_report_excel_access: Export it
clients_access: Clients
  clients_visit_master_id: Clients of a team member
  client_phones_access: Phones in the list
  clients_phones_email_access: Phones and e-mails in the list
  clients_card_phone_access: Phone in the card
  clients_edit_access: Change clients
  clients_delete_access: Delete clients
  clients_excel_access: Export clients
  clients_surname_middle_name_access: See surname and middle name
    clients_surname_middle_name_edit_access: Change surname and middle name
  clients_card_comment_access: See the note in the card
    clients_card_comment_edit_access: Change the note in the card
  clients_show_attendance_history_access: History of visits
  client_comments_list_access: Comments
    client_comments_add_access: Add comments
    client_comments_own_edit_access: Change own comments
    client_comments_other_edit_access: Change comments of others
  client_files_list_access: Files
    client_files_upload_access: Add files
    client_files_delete_access: Delete files
  clients_deposits_access: Client accounts
    clients_deposits_create_access: Open client accounts
    clients_deposits_history_access: History of client accounts
    clients_deposits_topup_access: Top up client accounts
  clients_loyalty_read_access: See loyalty
    clients_loyalty_settings_access: Change loyalty
dashboard_access: Overview
  dash_phones_access: Phones in the overview
  dash_records_access: List of appointments
    dash_records_last_days_count: Past days shown
    dash_records_excel_access: Export appointments
    dash_records_phones_access: Phones in the list
  dash_message_access: Messages
    dash_message_excel_access: Export messages
    dash_message_phones_access: Phones of messages
  dash_reviews_access: Reviews
    dash_reviews_delete_access: Delete reviews
  dashboard_calls_access: Calls
    dashboard_calls_excel_access: Export calls
    dashboard_calls_phones_access: Phones of calls
notification: Notifications
  web_push: About appointments, in the browser
  web_phone_push: About calls, in the browser
  notification_sms_ending_license: By SMS when the licence ends
  notification_sms_low_balance: By SMS when the balance is low
  notification_email_ending_license: By e-mail when the licence ends
loyalty_access: Loyalty
  loyalty_cards_issue_and_removal_access: Issue and remove cards
  loyalty_cards_manual_transactions_access: Change cards' balances
  loyalty_certificate_and_abonement_manual_transactions_access: Pay without a code
  loyalty_certificate_balance_edit_access: Balances of gift cards
  loyalty_certificate_period_edit_access: Validity of gift cards
  loyalty_abonement_balance_edit_access: Balances of memberships
  loyalty_abonement_period_edit_access: Validity of memberships
  loyalty_abonement_history_access: History of memberships
storages_access: Inventory
  storages_limited_access: Chosen storages only
  storages_ids: Chosen storages
  storages_transactions_access: Product movements
    storages_last_days_count: Past days shown
    storages_transactions_types: Kinds of movements
    storages_transactions_excel_access: Export movements
    storages_move_goods_access: Move between storages
    storages_create_transactions_access: Record movements
      storages_create_last_days_count: Past days in which to record
      storages_create_transactions_buy_access: Arrivals
      storages_create_transactions_sale_access: Sales
    storages_edit_transactions_access: Change movements
      storages_edit_last_days_count: Past days in which to change
      storages_edit_transactions_buy_access: Arrivals
      storages_edit_transactions_sale_access: Sales
    storages_delete_transactions_access: Delete movements
  storages_inventory_access: Stocktaking
    storages_inventory_create_edit_access: Record stocktaking
    storages_inventory_delete_access: Delete stocktaking
    storages_inventory_excel_access: Export stocktaking
  storages_remnants_report_access: Report of what is in stock
    storages_remnants_report_excel_access: Export it
  storages_sales_report_access: Report of sales
    storages_sales_report_excel_access: Export it
  storages_consumable_report_access: Report of consumables
    storages_consumable_report_excel_access: Export it
  storages_write_off_report_access: Report of write-offs
    storages_write_off_report_excel_access: Export it
  storages_turnover_report_access: Report of turnover
    storages_turnover_report_excel_access: Export it
  storages_goods_crud_access: Products
    storages_goods_create_access: Add products
    storages_goods_update_access: Change products
      storages_goods_title_edit_access: Name, article, barcode
      storages_goods_category_edit_access: Category
      storages_goods_selling_price_edit_access: Selling price
      storages_goods_cost_price_edit_access: Cost price
      storages_goods_units_edit_access: Units
      storages_goods_critical_balance_edit_access: Critical and desired stock
      storages_goods_masses_edit_access: Weight
      storages_goods_comment_edit_access: Comment
    storages_goods_archive_access: Archive and restore products
    storages_goods_delete_access: Delete products
    storages_goods_prime_cost_view_access: See prime cost
settings_access: Settings
  settings_basis_access: General
  settings_information_access: Information
  users_access: Users
    create_users_access: Invite users
    edit_users_access: Change users' rights
    delete_users_access: Remove users
    limited_users_access: Only users whose rights do not go beyond the own
  settings_services_access: Services
    settings_services_create_access: Add services
    services_edit: Change services
      settings_services_edit_title_access: Names
      settings_services_relation_category_access: Category
      settings_services_edit_price_access: Prices
      settings_services_edit_image_access: Images
      settings_services_edit_online_seance_date_time_access: Online booking
      settings_services_edit_online_pay_access: Online payment
      settings_services_edit_services_related_resource_access: Resources
      edit_master_service_and_duration: Team members and lengths
      tech_card_edit: Consumables
    services_delete: Delete services
  settings_positions_read: Positions
    settings_positions_create: Add and change positions
    settings_positions_delete: Delete positions
  settings_master_access: Team members
    master_create: Add team members
    master_edit: Change team members
    master_delete: Delete team members
    settings_master_dismiss_access: Dismiss team members
  schedule_edit: Work schedules
  settings_notifications_access: SMS notifications
  settings_email_notifications_access: E-mail notifications
  settings_template_notifications_access: Kinds of notifications
  settings_user_notifications_access: Notifications to users
  webhook_read_access: Webhooks
  settings_clients_labels_access: Tags
  settings_close_docs_access: Close periods
  is_salon_tips_manager: Tips
security_access: Security
  security_2fa_access: Two-step sign-in
  security_data_changes_access: Changes of data
  security_employee_changes_access: Changes of users
  security_export_import_access: Exports and imports
  security_logins_access: Sign-ins
comers_access: Visitors
  comers_info_vehicle_view_access: See vehicles
  comers_info_vehicle_edit_access: Change vehicles
stat_access: Analytics
  analytics_constructor_access: Own reports
billing_access: Billing
  billing_invoices_access: Invoices
send_sms: Send SMS to clients
online_record_access: Online booking
  online_record_privacy_policy_access: Privacy policy
auth_enable_check_ip: From listed addresses only
  auth_list_allowed_ip: Listed addresses
salon_to_salon_group_add_access: Add locations to the chain, and close them
"""
